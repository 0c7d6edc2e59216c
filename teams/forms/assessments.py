"""Input of yearly assessments: which to list, points, the villagers' word, an incentive."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.forms.judged import JudgedForm, day_field
from teams.forms.seen import SeenForm
from teams.models import Incentive
from teams.models.assessing import ASSESSOR_NAMES, GRADE_NAMES
from teams.procedure import ASSESSMENT
from teams.queries.grades import years_to_choose
from teams.rules.assessment import Assessor
from trail.dates import business_date
from trail.forms import PlainForm

LONGEST = 200
MOST_VILLAGERS = 10_000
STATES = (
    ("", _("all")),
    *((name, _(label)) for name, label in ASSESSMENT.states.items()),
)
GRADES = (("", _("all")), *((str(grade.value), name) for grade, name in GRADE_NAMES.items()))


def _years() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in years_to_choose(business_date())]


class AssessmentFilter(PlainForm):
    """Which assessments of a place and year to list; a faulty field does not narrow."""

    division = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label=_("Year"), choices=_years, coerce=int, required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    grade = forms.TypedChoiceField(
        label=_("Grade"), choices=GRADES, coerce=int, empty_value=None, required=False
    )


class YearForm(PlainForm):
    """A place and a year."""

    division = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.TypedChoiceField(label=_("Year"), choices=_years, coerce=int, required=False)


class PointsForm(JudgedForm):
    """The points of one assessor; a clerk says whether they are the county's or the unit's."""

    side = forms.ChoiceField(label=_("Whose points"))
    points = forms.IntegerField(
        label=_("Points"),
        help_text=_("From 0 to 100."),
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={
            "invalid": _("Enter a whole number from 0 to 100."),
            "min_value": _("Enter a whole number from 0 to 100."),
            "max_value": _("Enter a whole number from 0 to 100."),
        },
    )
    remark = forms.CharField(
        label=_("Remark"),
        help_text=_("What the points rest on; for the unit, the number of its letter."),
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, *args: Any, sides: tuple[Assessor, ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["side"])
        field.choices = [(side.value, ASSESSOR_NAMES[side]) for side in sides]
        if len(sides) == 1:
            field.widget, field.initial = forms.HiddenInput(), sides[0].value


def _villagers(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_VILLAGERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={
            "invalid": _("Enter a whole number, 0 or more."),
            "min_value": _("Enter a whole number, 0 or more."),
            "max_value": _("Enter at most %(limit_value)s."),
        },
    )


class PollForm(SeenForm):
    """How many villagers were asked and how many are satisfied; what stood before is kept along."""

    asked = _villagers(_("Villagers asked"))
    satisfied = _villagers(_("Satisfied villagers"))
    seen = forms.RegexField(r"^([0-9]{1,6}/[0-9]{1,6})?$", required=False, widget=forms.HiddenInput)

    def seen_pair(self) -> tuple[int | None, int | None]:
        """The numbers that the officer saw on record; None for none."""
        text = self.cleaned_data["seen"]
        if not text:
            return None, None
        asked, satisfied = text.split("/")
        return int(asked), int(satisfied)


class OpenOneForm(JudgedForm):
    """Which year of a person to assess."""

    year = forms.TypedChoiceField(label=_("Year"), choices=_years, coerce=int)


class IncentiveForm(JudgedForm):
    """What somebody received, when and from whom."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("choose")), *Incentive.Kind.choices])
    given_on = day_field(_("Day"))
    text = forms.CharField(
        label=_("What and by whom"),
        help_text=_("For example: commended by the county committee."),
        max_length=LONGEST,
    )
