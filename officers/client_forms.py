"""Input of the pages about machine clients; what may be is judged by the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from divisions.forms import DivisionField, offer_within
from divisions.models import Level
from officers.actions import KeyTerms
from officers.actions.clients import LONGEST_DAYS
from officers.models import Client, Officer
from officers.rules import CONSOLE_SCOPES, Scope

YEAR_DAYS = 365
SCOPE_NAMES = {
    Scope.READ: _("read households, people, surveys and findings"),
    Scope.WRITE: _("register and change households"),
    Scope.TEAMS: _("read the roster of work teams"),
    Scope.HELP_READ: _("read plans of help and deliveries"),
    Scope.HELP_WRITE: _("record what was delivered"),
    Scope.CASES: _("read reviews and cases"),
    Scope.DECISIONS: _("report decisions that another system took"),
    Scope.IDENTITY: _("ID numbers, dates of birth, phones and accounts in full"),
}
SCOPES = [(one.value, name) for one, name in SCOPE_NAMES.items() if one not in CONSOLE_SCOPES]


def days_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A number of days that a key lasts."""
    return forms.IntegerField(label=label, min_value=0, max_value=LONGEST_DAYS, **kwargs)


class NewClientForm(forms.Form):
    username = forms.SlugField(
        label=_("User name"),
        max_length=50,
        help_text=_("Small letters and digits; it is seen in the trace."),
        error_messages={"required": _("Write a user name.")},
    )
    name = forms.CharField(
        label=_("Name of the system"),
        max_length=50,
        error_messages={"required": _("Write the name of the system.")},
    )
    division = DivisionField(
        label=_("Sees and changes"),
        levels=[Level.PROVINCE, Level.CITY, Level.COUNTY],
        help_text=_("Code or name of a province, city or county: nothing outside of it is found."),
        error_messages={"required": _("Write which place it sees.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("The key opens"),
        choices=SCOPES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("ID numbers in full, and decisions of another system, only by the operator."),
        error_messages={"required": _("Choose what the key opens.")},
    )
    days = days_field(_("Days that the key lasts"), initial=YEAR_DAYS)

    def __init__(self, *args: Any, admin: Officer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        offer_within(field, admin)
        if isinstance(field, DivisionField) and len(places := field.offered()) == 1:
            field.initial = places[0].division.pk

    def terms(self) -> KeyTerms:
        """What the first key opens."""
        scopes = [Scope(one) for one in self.cleaned_data["scopes"]]
        return KeyTerms(scopes, self.cleaned_data["days"])


class RotateForm(forms.Form):
    days = days_field(_("Days that the new key lasts"), initial=YEAR_DAYS)
    overlap_days = days_field(
        _("Days that the old key still lasts"),
        initial=7,
        help_text=_("0 ends it at once. Leave the other system time to change over."),
    )


class NetworksForm(forms.Form):
    networks = forms.CharField(
        label=_("Networks"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One a line, such as 203.0.113.0/24. Empty: requests may come from anywhere."),
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["networks"].initial = "\n".join(client.addresses)

    def listed(self) -> list[str]:
        """The lines that say something."""
        return [line for line in self.cleaned_data["networks"].splitlines() if line.strip()]
