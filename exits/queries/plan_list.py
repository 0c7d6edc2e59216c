"""The list of planned exits of a year: how far each household is, and how many in each place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from exits.procedure import EXIT
from exits.queries.warnings import warnings_of_cases
from households.models import Member
from households.models.members import HEAD
from households.rights import ShownCounts, masked_name, reads_names, shown_counts
from households.suppression import Key, total
from officers.models import Officer
from officers.rules import Role
from workflow.models import Case

PAGE_ROWS = 40
PROPOSED, PLANNED, ON_THE_WAY, EXITED, FAILED = (
    "proposed", "planned", "under_way", "exited", "failed",
)  # fmt: skip
KINDS = (PROPOSED, PLANNED, ON_THE_WAY, EXITED, FAILED)
ALL = "all"
STATES: dict[str, frozenset[str]] = {
    PROPOSED: frozenset({"proposed"}),
    PLANNED: frozenset({"planned"}),
    EXITED: frozenset({"approved", "announced"}),
    FAILED: frozenset({"rejected", "withdrawn"}),
}
STATES[ON_THE_WAY] = frozenset(EXIT.states) - frozenset().union(*STATES.values())


@dataclass(frozen=True)
class Row:
    """A place with its exits of the year as the role may see them."""

    division: Division
    counts: list[str]


@dataclass(frozen=True)
class Line:
    """One exit of the list. Amounts are yuan a person."""

    case: Case
    householder: str
    people: int
    state: str
    per_capita: Decimal | None
    line: Decimal | None
    warnings: int


@dataclass(frozen=True)
class PlanList:
    """The list of a place and year; no `lines` for a role that reads figures alone."""

    whole: Row
    parts: list[Row]
    lines: list[Line]
    has_next: bool
    to_approve: list[tuple[Division, int]]


def exits_of(officer: Officer, code: str, year: int) -> QuerySet[Case]:
    """The exits that were opened in a year, in a place within the posting."""
    found = Case.objects.visible_to(officer).within(code).filter(kind=EXIT.kind)
    return found.filter(opened_on__range=(date(year, 1, 1), date(year, 12, 31)))


def plan_list(officer: Officer, place: Division, year: int, *, kind: str, number: int) -> PlanList:
    """The list of a place; `kind` is one of KINDS or ALL, `number` that of the page, from 1."""
    found = exits_of(officer, place.pk, year)
    below = list(Division.objects.in_force(date(year, 12, 31)).below(place.pk))
    shown = _counted(officer, place, below, found)
    lines, has_next = _lines(officer, found, kind, number) if reads_names(officer) else ([], False)
    return PlanList(
        whole=_row(place, shown),
        parts=[_row(one, shown) for one in below],
        lines=lines,
        has_next=has_next,
        to_approve=_to_approve(officer, found),
    )


def _counted(
    officer: Officer, place: Division, below: Sequence[Division], found: QuerySet[Case]
) -> ShownCounts:
    digits = len(below[0].pk) if below else len(place.pk)
    grouped = found.order_by().annotate(place=Left("division_id", digits))
    counts: dict[Key, int] = {}
    for code, state, number in grouped.values_list("place", "state").annotate(Count("pk")):
        kind = next(kind for kind, states in STATES.items() if state in states)
        for key in {(code, kind), (code, ALL), (place.pk, kind), (place.pk, ALL)}:
            counts[key] = counts.get(key, 0) + number
    places = [place.pk, *(one.pk for one in below)]
    sums = [total((one, ALL), [(one, kind) for kind in KINDS]) for one in places]
    if below:
        parts = [one.pk for one in below]
        sums += [total((place.pk, kind), [(one, kind) for one in parts]) for kind in (*KINDS, ALL)]
    return shown_counts(officer, counts, sums)


def _row(division: Division, shown: ShownCounts) -> Row:
    return Row(division, [shown.text((division.pk, kind)) for kind in (*KINDS, ALL)])


def _lines(
    officer: Officer, found: QuerySet[Case], kind: str, number: int
) -> tuple[list[Line], bool]:
    wanted = found.filter(state__in=STATES[kind]) if kind in STATES else found
    start = (number - 1) * PAGE_ROWS
    ordered = wanted.select_related("division").order_by("division_id", "pk")
    cases = list(ordered[start : start + PAGE_ROWS + 1])
    page = cases[:PAGE_ROWS]
    heads, people = _people([case.subject for case in page])
    warnings = warnings_of_cases(page)
    lines = [
        Line(
            case=case,
            householder=_named(officer, heads.get(case.subject, "")),
            people=people.get(case.subject, 0),
            state=_(EXIT.states[case.state]),
            per_capita=_of(case, "finding", "per_capita"),
            line=_of(case, "standard", "line"),
            warnings=len(warnings.get(case.pk, [])),
        )
        for case in page
    ]
    return lines, len(cases) > PAGE_ROWS


def _of(case: Case, part: str, name: str) -> Decimal | None:
    known = case.facts.get(part, {}).get(name)
    return None if known is None else Decimal(known)


def _named(officer: Officer, name: str) -> str:
    return name if reads_names(officer) else masked_name(name)


def _people(numbers: Sequence[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Householder and number of people by household number."""
    heads: dict[str, str] = {}
    people: dict[str, int] = {}
    standing = {"household__number__in": numbers, "household__withdrawn_at": None}
    members = Member.objects.active().filter(**standing).order_by()
    for number, relation, name in members.values_list("household__number", "relation", "name"):
        people[number] = people.get(number, 0) + 1
        if relation == HEAD:
            heads[number] = name
    return heads, people


def _to_approve(officer: Officer, found: QuerySet[Case]) -> list[tuple[Division, int]]:
    """The villages whose proposals wait for the plan, for the approver of the county."""
    if officer.acting_role != Role.COUNTY_APPROVER:
        return []
    waiting = found.order_by().filter(state="proposed").values_list("division_id")
    counts = dict(waiting.annotate(Count("pk")))
    villages = Division.objects.filter(pk__in=counts, level=Level.VILLAGE).order_by("pk")
    return [(one, counts[one.pk]) for one in villages]
