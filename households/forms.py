"""Input of the register list: filter (GET) and search (POST)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import reaches
from households import codes
from households.models.households import STATE_CHOICES
from households.names import SHORTEST_PREFIX
from households.queries import Wanted
from officers.models import Officer


class RegisterFilterForm(forms.Form):
    """Which part of the register to list. A division outside the posting is an error."""

    division = forms.CharField(label=_("Place"), required=False, max_length=12, widget=forms.Select)
    state = forms.TypedChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *STATE_CHOICES],
        coerce=int,
        empty_value=None,
    )
    cause = forms.ChoiceField(
        label=_("Main cause of poverty"),
        required=False,
        choices=[("", _("all")), *codes.choices("cause")],
    )

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.officer = officer

    def clean_division(self) -> str:
        code = self.cleaned_data["division"]
        if code and not (reaches(self.officer, code) and Division.objects.filter(pk=code).exists()):
            raise forms.ValidationError(_("Choose a place within your posting."), code="unknown")
        return code

    def offer(self, here: Division, below: Iterable[Division]) -> None:
        """Let the select offer the place listed now and the places directly below it."""
        options = [("" if here.pk in self.officer.reach else here.pk, here.name)]
        self.fields["division"].widget.choices = [*options, *((d.pk, d.name) for d in below)]

    def wanted(self, term: str = "") -> Wanted:
        """The filter, with a search term; a faulty field does not narrow."""
        known = self.cleaned_data
        return Wanted(known.get("division", ""), known.get("state"), known.get("cause", ""), term)


class SearchForm(forms.Form):
    """One box: household number, name, pinyin, initials or ID number."""

    term = forms.CharField(
        label=_("Find a household"),
        help_text=_("Household number, name, initials, pinyin, or the whole ID number."),
        min_length=SHORTEST_PREFIX,
        max_length=50,
        error_messages={
            "required": _("Write what to look for."),
            "min_length": _("Write at least two characters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
