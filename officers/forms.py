"""Input of the account pages. What may be is judged by the actions; the forms read and explain."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from divisions.forms import DivisionField, offer_within
from divisions.models import Level
from officers.actions import Terms
from officers.models import ROLE_NAMES, Officer, Posting
from officers.queries import SHORTEST_TERM, successors_for
from officers.rules import NEVER_ON_PAGES, Role
from trail.dates import business_date

ROLES = [(role.value, ROLE_NAMES[role]) for role in Role if role not in NEVER_ON_PAGES]


def show_refusal(form: forms.Form, refusal: ValidationError) -> None:
    """Put an action's refusal at its fields; what the form has no field for stands above it."""
    for field, errors in refusal.update_error_dict({}).items():
        form.add_error(field if field in form.fields else None, errors)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A date, typed or chosen."""
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date", "class": "mid"}, "%Y-%m-%d"), **kwargs
    )


class SignInForm(AuthenticationForm):
    """User name and password; one answer whatever was wrong."""

    error_messages = {
        "invalid_login": _(
            "User name and password do not go together, or the account is stopped. Check both; "
            "if you forgot the password, ask your account administrator for a one-time link."
        ),
        "inactive": _("This account is stopped."),
    }

    def clean_username(self) -> str:
        """In small letters, so that failures are counted against one name."""
        return self.cleaned_data["username"].strip().lower()


class NewPasswordForm(SetPasswordForm):
    """A new password, twice; judged by the validators of the settings."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""


class ChangePasswordForm(NewPasswordForm, PasswordChangeForm):
    """The present password, then the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")


class AccountFilterForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("all")), *ROLES], required=False)
    state = forms.ChoiceField(
        label=_("Account"),
        choices=[("", _("all")), ("unposted", _("no posting today")), ("stopped", _("stopped"))],
        required=False,
    )


class AccountSearchForm(forms.Form):
    """A name of an officer is personal: the search is a POST."""

    term = forms.CharField(
        label=_("Find an account"),
        help_text=_("Beginning of the name or user name, two characters or more."),
        min_length=SHORTEST_TERM,
        max_length=50,
    )


class NewOfficerForm(forms.ModelForm):
    home = DivisionField(
        label=_("Managed at"),
        levels=[Level.NATION, Level.PROVINCE, Level.CITY, Level.COUNTY],
        help_text=_("Account administrators of this division and above look after the account."),
    )

    class Meta:
        model = Officer
        fields = ["username", "name", "phone"]
        help_texts = {"username": _("Small letters and digits, such as the name in pinyin.")}

    def __init__(self, *args: Any, admin: Officer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_within(self.fields["home"], admin)
        self.fields["home"].initial = admin.acting_division


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("choose")), *ROLES])
    division = DivisionField(label=_("Division"))
    starts_on = day_field(_("From"))
    ends_on = day_field(
        _("Last day"), required=False, help_text=_("Leave it empty when the end is not known.")
    )

    def __init__(self, *args: Any, admin: Officer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_within(self.fields["division"], admin)
        self.fields["starts_on"].initial = business_date

    def terms(self) -> Terms:
        """The wanted posting."""
        return Terms(
            role=Role(self.cleaned_data["role"]),
            division=self.cleaned_data["division"],
            starts_on=self.cleaned_data["starts_on"],
            ends_on=self.cleaned_data["ends_on"],
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class EndForm(ReasonForm):
    last_day = day_field(_("Last day"), help_text=_("Yesterday ends the posting at once."))

    field_order = ["last_day", "reason"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = business_date


class OfficerChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, officer: Officer) -> str:
        """Name and user name: names repeat."""
        return f"{officer.name} ({officer.username})"


class HandOverForm(EndForm):
    to = OfficerChoiceField(
        label=_("Hand over to"), queryset=Officer.objects.none(), empty_label=_("choose")
    )
    last_day = day_field(
        _("Last day of the present officer"),
        help_text=_("The other officer begins on the next day."),
    )

    field_order = ["to", "last_day", "reason"]

    def __init__(self, *args: Any, admin: Officer, posting: Posting, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = successors_for(admin, posting)
