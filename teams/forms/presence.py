"""Forms of days in the village: the sign-in, absences, attendance, inspections, the table."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.actions.absences import Asked
from teams.actions.presence import KEPT_STATUSES, Position
from teams.forms.judged import JudgedForm, day_field, text_area
from teams.forms.seen import SeenForm
from teams.models.presence import ABSENCE_KINDS, STATUS_NAMES
from teams.queries.day_table import NARROWED
from teams.rules.presence import AbsenceKind, Status, month_span
from teams.rules.terms import ONE_DAY, Span
from trail.forms import PlainForm

NOTE_LENGTH, REASON_LENGTH = 200, 500
MONTHS = 12
FIRST_YEAR = 2014


def _degrees(label: Any, most: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=-most,
        max_value=most,
        max_digits=20,
        widget=forms.HiddenInput,
    )


class SignInForm(PlainForm):
    """The sign-in of today; a position only where the person added it."""

    latitude = _degrees(_("Latitude"), 90)
    longitude = _degrees(_("Longitude"), 180)

    def position(self) -> Position | None:
        """Where, if both parts are there."""
        known: dict[str, Decimal | None] = self.cleaned_data
        latitude, longitude = known["latitude"], known["longitude"]
        if latitude is None or longitude is None:
            return None
        return latitude, longitude


class AbsenceForm(JudgedForm):
    """A request to be away."""

    kind = forms.ChoiceField(
        label=_("Why you are away"), choices=[*ABSENCE_KINDS.items()], widget=forms.RadioSelect
    )
    first_day = day_field(pgettext_lazy("absence", "First day"))
    last_day = day_field(
        pgettext_lazy("absence", "Last day"),
        help_text=_("It counts, and so do the weekends between."),
    )
    reason = text_area(
        _("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("Who decides reads it, nobody else of the team. It is kept sealed."),
    )

    def asked(self) -> Asked:
        """What is asked for."""
        known = self.cleaned_data
        days = Span(known["first_day"], known["last_day"])
        return Asked(AbsenceKind(known["kind"]), days, known["reason"])


class DayForm(SeenForm):
    """What a day was on which somebody did not sign in."""

    status = forms.ChoiceField(
        label=_("What the day was"),
        choices=[(status.value, STATUS_NAMES[status]) for status in KEPT_STATUSES],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Remark"),
        max_length=NOTE_LENGTH,
        help_text=_("Why he did not sign in himself, and how you know. Name no illness."),
    )

    def wanted(self) -> Status:
        """The chosen status."""
        return Status(self.cleaned_data["status"])


class InspectionForm(JudgedForm):
    """An absence without leave that was found on the spot."""

    day = day_field(_("Day"))
    found = forms.CharField(
        label=_("What was found"),
        max_length=NOTE_LENGTH,
        help_text=_("When you were there, whom you asked, what was said."),
    )


class WithdrawInspectionForm(JudgedForm):
    """Why the record of an inspection is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=NOTE_LENGTH)


class DayTableForm(PlainForm):
    """Which days the table is about (GET). An odd value narrows nothing."""

    division = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int)
    month = forms.TypedChoiceField(
        label=_("Month"),
        required=False,
        coerce=int,
        choices=[("", _("the whole year")), *((str(n), str(n)) for n in range(1, MONTHS + 1))],
    )
    only = forms.ChoiceField(label=_("Which people"), required=False, choices=[*NARROWED.items()])

    def __init__(self, data: Any, *, today: date):
        super().__init__(data)
        self.today = today
        years = range(today.year, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]

    def wanted_year(self) -> int:
        """The chosen year, else that of today."""
        return self._known().get("year") or self.today.year

    def wanted_month(self) -> date | None:
        """The first day of the chosen month."""
        month = self._known().get("month")
        return date(self.wanted_year(), month, 1) if month else None

    def wanted_only(self) -> str:
        """The chosen filter."""
        return self._known().get("only", "")

    def _known(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_bound and not self.errors else self._sound()

    def _sound(self) -> dict[str, Any]:
        return getattr(self, "cleaned_data", {})


def month_in(text: str, today: date) -> date:
    """The first day of the month that an address names as 2020-05, else that of today."""
    year, _dash, month = text.partition("-")
    sound = len(text) == 7 and year.isascii() and (year + month).isdecimal()
    if sound and 1 <= int(month) <= MONTHS and FIRST_YEAR <= int(year) <= today.year:
        return min(date(int(year), int(month), 1), today.replace(day=1))
    return today.replace(day=1)


def day_in(text: str, today: date) -> date:
    """The day that an address names as 2020-05-04, of this month or the last, else today."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    earliest = month_span(today.replace(day=1) - ONE_DAY).first
    return found if earliest <= found < today + timedelta(days=1) else today
