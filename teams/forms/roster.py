"""Input of the lists of the roster: which place, on which day, which villages or people."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.forms.judged import day_field
from teams.queries.roster import LACK_LABELS
from trail.forms import PlainForm

FIRST_DAY = date(2014, 1, 1)
"""The register begins in 2014; no policy is known before."""

AHEAD = timedelta(days=366)


class DayForm(PlainForm):
    """Which place on which day; a faulty day is named and today is shown."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)
    on = day_field(_("As of"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date | None:
        day = self.cleaned_data["on"]
        if day and not FIRST_DAY <= day <= self.today + AHEAD:
            raise forms.ValidationError(
                _("As of: choose a day from 2014 on, not more than a year ahead."),
                code="out_of_range",
            )
        return day

    def day(self) -> date:
        """The chosen day; today where none, or no such day, is chosen."""
        return self._chosen("on") or self.today

    def _chosen(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


class RosterForm(DayForm):
    """The same, and which villages: with a lack, with people of a unit."""

    lack = forms.ChoiceField(
        label=_("Villages"),
        required=False,
        choices=[("", _("all")), *((str(key), label) for key, label in LACK_LABELS.items())],
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=100)

    def lacking(self) -> str:
        """The chosen lack; empty for all villages."""
        return self._chosen("lack") or ""

    def of_unit(self) -> str:
        """A part of the name of a unit; empty for all."""
        return self._chosen("unit") or ""


class NameForm(PlainForm):
    """Somebody's name, sent by POST so that it stands in no address."""

    name = forms.CharField(
        label=_("Find somebody by name"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a name, or a part of it.")},
    )
