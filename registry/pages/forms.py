"""Input of the frame, the household page and the reveal of a number."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WEEK = timedelta(days=7)


class DemoDateForm(forms.Form):
    """Where to move the business date: a date, a week on, or back to the calendar."""

    day = forms.DateField(required=False)
    act = forms.ChoiceField(choices=[("set", "set"), ("week", "week"), ("today", "today")])

    def __init__(self, *args: Any, business_date: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.business_date = business_date

    def days_ahead(self) -> int:
        """Days between the calendar and the wanted date; negative runs behind."""
        today = timezone.localdate()
        wanted = {
            "today": today,
            "week": self.business_date + WEEK,
            "set": self.cleaned_data["day"] or self.business_date,
        }[self.cleaned_data["act"]]
        return (wanted - today).days


class KnownForm(forms.Form):
    """Which year's finding to show, and as known on which day (empty: now)."""

    known = forms.DateField(
        label=_("As known at the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave empty for what is known now."),
    )

    def __init__(self, *args: Any, years: Sequence[int], today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(year, str(year)) for year in years],
        )
        self.order_fields(["year", "known"])

    def clean_known(self) -> date | None:
        day = self.cleaned_data["known"]
        if day and day > self.today:
            raise forms.ValidationError(_("Choose a day that is not in the future."), code="future")
        return day

    def year_or(self, default: int) -> int:
        """The chosen year; `default` when none was chosen or the choice is unknown."""
        return self.chosen("year") or default

    def day(self) -> date | None:
        """The chosen day; None for now."""
        return self.chosen("known")

    def chosen(self, name: str) -> Any:
        """A valid value of the address; None when absent or faulty."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name)


class RevealForm(forms.Form):
    """Why a number must be seen in full."""

    reason = forms.CharField(
        label=_("Why do you need the whole number?"),
        help_text=_("It is recorded with your name and can be read by auditors."),
        min_length=4,
        max_length=200,
        error_messages={
            "required": _("Write the reason."),
            "min_length": _("Write the reason in at least four characters."),
        },
    )
