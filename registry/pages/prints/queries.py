"""What stands on the sheets: one household and year in full, or the cases of one meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistance.queries.glance import Glance, glance_at
from households import codes
from households.explain import Explanation
from households.models import Household, Survey
from households.models.details import LivingConditions
from households.models.households import StateChange
from households.models.surveys import GUARANTEE_CHOICES
from households.rules import GUARANTEES
from officers.models import Officer
from registry.pages.cases.inbox import Subject, subjects_of, visible_cases
from registry.pages.prints.glyphs import seldom_in_fonts
from registry.pages.queries.finding import Known, finding_view
from registry.pages.queries.household import (
    HouseholdView,
    YearTable,
    household_view,
    surveys_in_force,
    year_table,
)
from registry.pages.queries.lines import LinesOfKind, lines_by_kind
from teams.models import Pairing
from teams.queries.pairings import helper_of
from workflow.models import Case
from workflow.parameters import QUORUM
from workflow.queries import parameter

HALF = 20
SEATS = tuple((left, left + HALF) for left in range(1, HALF + 1))


@dataclass(frozen=True)
class Guarantee:
    """One guarantee with what is on record; `value` None is unknown."""

    label: str
    value: int | None
    recorded: str


@dataclass(frozen=True)
class HouseholdSheet:
    """Everything that the sheets of a household draw on, for one year.

    Without a survey of the year its parts are blanks to fill in. `boxes` are characters of the
    names that few fonts have.
    """

    household: Household
    view: HouseholdView
    year: int
    survey: Survey | None
    account: Explanation | None
    kinds: list[LinesOfKind]
    conditions: LivingConditions | None
    guarantees: list[Guarantee]
    years: YearTable | None
    needs: list[str]
    history: list[StateChange]
    helper: Pairing | None
    help: Glance | None
    boxes: list[str]


def years_to_print(household: Household, *, today: date) -> list[int]:
    """The years of a household's surveys and the present one, the latest first."""
    years = {survey.year for survey in surveys_in_force(household)}
    return sorted({*years, today.year}, reverse=True)


def latest_year(household: Household, *, today: date) -> int:
    """The year that a sheet is about unless another is asked for: that of the last survey."""
    surveys = surveys_in_force(household)
    return surveys[-1].year if surveys else today.year


def household_sheet(
    officer: Officer, household: Household, *, year: int, today: date
) -> HouseholdSheet:
    """The household as it stands, with the facts of `year`, masked for the acting role."""
    view = household_view(officer, household, today=today)
    surveys = surveys_in_force(household)
    found = finding_view(household, year, Known(), persons=len(view.people))
    survey = found.survey
    return HouseholdSheet(
        household=household,
        view=view,
        year=year,
        survey=survey,
        account=found.explanation if survey else None,
        kinds=lines_by_kind(survey),
        conditions=LivingConditions.objects.filter(survey=survey).first() if survey else None,
        guarantees=[_guarantee(survey, name) for name in GUARANTEES],
        years=year_table(household, surveys) if surveys else None,
        needs=[codes.label("need", code) for code in household.needs],
        history=list(household.state_changes.order_by("id")),
        helper=helper_of(household, today),
        help=glance_at(officer, household, year=year, today=today),
        boxes=seldom_in_fonts(person.name for person in view.people),
    )


def _guarantee(survey: Survey | None, name: str) -> Guarantee:
    value = getattr(survey, name, None)
    label = str(Survey._meta.get_field(name).verbose_name)
    return Guarantee(label, value, str(dict(GUARANTEE_CHOICES).get(value, "")))


@dataclass(frozen=True)
class MeetingSheet:
    """The cases of one appraisal: the one that was asked for, then the others of its village.

    `quorum` is the share of representatives who must be present, as (part, whole); `seats` number
    the lines of the sign-in list, two beside each other.
    """

    case: Case
    others: list[Case]
    judged: list[Subject]
    quorum: tuple[int, int]
    boxes: list[str]
    seats: tuple[tuple[int, int], ...] = SEATS


def meeting_sheet(officer: Officer, case: Case, others: Sequence[Case]) -> MeetingSheet:
    """Who is judged at the meeting, as the acting role may see them."""
    cases = [case, *others]
    subjects = subjects_of(officer, [one.subject for one in cases])
    judged = [subjects[one.subject] for one in cases if one.subject in subjects]
    share: Any = parameter(QUORUM, case.division_id, case.opened_on.year)
    return MeetingSheet(
        case=case,
        others=list(others),
        judged=judged,
        quorum=share,
        boxes=seldom_in_fonts(one.householder for one in judged),
    )


def beside(officer: Officer, case: Case) -> list[Case]:
    """Open cases of the same procedure that stand at the same point in the same village."""
    found = visible_cases(officer).filter(closed_at=None)
    same = found.filter(kind=case.kind, division_id=case.division_id, state=case.state)
    return list(same.exclude(pk=case.pk).order_by("id"))
