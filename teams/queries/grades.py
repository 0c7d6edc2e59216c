"""The assessments of a year as a list, and what they add up to by place and grade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from divisions.models import DIGITS, Division, Level
from officers.models import Officer
from officers.rules import Role
from teams.models import Assessment, Cadre
from teams.models.assessing import GRADE_NAMES
from teams.procedure import ABSENCE, ASSESSMENT
from teams.queries.assessment_account import SEE_ALL
from teams.queries.assessments import FIRST_YEAR, GRADED, SCORING, WITHDRAWN, Weighed, weigh
from teams.queries.served import end_of, main_terms
from teams.rights import SIDES, reads_assessments
from teams.rules.assessment import Grade
from workflow.models import Case

PAGE_ROWS = 50


@dataclass(frozen=True)
class Wanted:
    """Which assessments to list: of a year at or below a place, by state or grade."""

    place: str
    year: int
    state: str = ""
    grade: int | None = None


@dataclass(frozen=True)
class Line:
    """One assessment in the list; `points` and `proposed` are empty where they are not shown yet.

    `task` is what the officer can do about it now.
    """

    assessment: Assessment
    state: str
    points: str
    proposed: str
    grade: str
    gives_points: bool


@dataclass(frozen=True)
class Page:
    """One page of the list, and how many there are in all."""

    lines: list[Line]
    count: int


@dataclass
class Tally:
    """What the assessments of a place add up to: people, how far they are, how many of a grade."""

    division: Division | None
    people: int = 0
    confirmed: int = 0
    by_grade: dict[int, int] = field(default_factory=dict)

    @property
    def grades(self) -> list[int]:
        """The numbers of people by grade, the best first."""
        return [self.by_grade.get(grade, 0) for grade in Grade]


def visible_assessments(officer: Officer) -> QuerySet[Assessment]:
    """Assessments within the posting, for a role that reads them; of one's own those that stand."""
    own, stands = Q(cadre__account=officer), Q(grade__isnull=False)
    if not reads_assessments(officer):
        return Assessment.objects.filter(own & stands)
    here = Q(case__in=Case.objects.visible_to(officer).filter(kind=ASSESSMENT.kind).values("pk"))
    return Assessment.objects.filter((here & ~own) | (own & stands))


def closed_books(officer: Officer) -> Q:
    """The condition on cases that the officer does not follow.

    Assessments of his own, or all; for a member of a team the absences of the others.
    """
    return closed_assessments(officer) | closed_absences(officer)


def closed_absences(officer: Officer) -> Q:
    """The absences of others, whose papers may speak of an illness, for a member of a team."""
    if officer.acting_role != Role.TEAM_MEMBER:
        return Q(pk__in=[])
    return Q(kind=ABSENCE.kind) & ~Q(proposed_by=officer)


def closed_assessments(officer: Officer) -> Q:
    """Assessments of the officer's own, or all of them."""
    if not reads_assessments(officer):
        return Q(kind=ASSESSMENT.kind)
    own = Cadre.everywhere.filter(account=officer).values("number")
    return Q(kind=ASSESSMENT.kind, subject__in=own)


def assessments_page(officer: Officer, wanted: Wanted, number: int) -> Page:
    """One page of what the officer sees of a year, by village and person."""
    found = visible_assessments(officer).filter(year=wanted.year)
    if reads_assessments(officer):
        found = found.filter(case__in=Case.everywhere.within(wanted.place).values("pk"))
    found = found.filter(case__state=wanted.state) if wanted.state else found
    found = found.exclude(case__state=WITHDRAWN) if not wanted.state else found
    found = found.filter(grade=wanted.grade) if wanted.grade else found
    rows = found.select_related("case", "cadre", "term__village")
    start = (number - 1) * PAGE_ROWS
    ordered = rows.order_by("case__division", "cadre__number", "pk")[start : start + PAGE_ROWS]
    return Page(lines_of(officer, list(ordered)), found.count())


def lines_of(officer: Officer, assessments: Sequence[Assessment]) -> list[Line]:
    """The rows of a list, in the order given; the queries do not grow with them."""
    weighed = weigh([one for one in assessments if one.case.state == SCORING])
    return [
        _open_line(officer, weighed[one.case_id])
        if one.case_id in weighed
        else _line(one, one.case.facts)
        for one in assessments
    ]


def _open_line(officer: Officer, weighed: Weighed) -> Line:
    given = any(one.given_by_id == officer.pk for one in weighed.scores)
    shown = officer.acting_role in SEE_ALL or given
    return Line(
        assessment=weighed.assessment,
        state=_(ASSESSMENT.states[SCORING]),
        points=str(weighed.facts.points) if shown and weighed.scores else "",
        proposed=_named(weighed.proposed) if shown and not weighed.missing else "",
        grade="",
        gives_points=officer.acting_role in SIDES and not given,
    )


def _line(assessment: Assessment, facts: Mapping[str, Any]) -> Line:
    return Line(
        assessment=assessment,
        state=_(ASSESSMENT.states[assessment.case.state]),
        points=facts["facts"]["points"] if "facts" in facts else "",
        proposed=_named(facts.get("given")) if assessment.case.state == GRADED else "",
        grade=_named(assessment.grade),
        gives_points=False,
    )


def _named(grade: int | None) -> str:
    return str(GRADE_NAMES[Grade(grade)]) if grade else ""


def tally_of(place: Division, year: int) -> Tally:
    """What the assessments of a year in a place add up to; the place is within the posting."""
    whole = Tally(place)
    for row in _counted(place, year).values("grade").annotate(count=Count("pk")).order_by():
        _add(whole, row["grade"], row["count"])
    return whole


def tallies_below(place: Division, year: int) -> list[Tally]:
    """The same for each place right below, in code order; places without anybody are left out."""
    if place.level >= Level.VILLAGE:
        return []
    digits = DIGITS[Level(place.level + 1)]
    rows = (
        _counted(place, year)
        .annotate(below=Substr(F("case__division"), 1, digits))
        .values("below", "grade")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[str, Tally] = {}
    for row in rows:
        tally = found.setdefault(row["below"], Tally(None))
        _add(tally, row["grade"], row["count"])
    divisions = Division.objects.in_bulk(list(found))
    for code, tally in found.items():
        tally.division = divisions[code]
    return [found[code] for code in sorted(found)]


def _counted(place: Division, year: int) -> QuerySet[Assessment]:
    cases = Case.everywhere.within(place.pk).filter(kind=ASSESSMENT.kind)
    return Assessment.objects.filter(year=year, case__in=cases.exclude(state=WITHDRAWN))


def _add(tally: Tally, grade: int | None, count: int) -> None:
    tally.people += count
    if grade:
        tally.confirmed += count
        tally.by_grade[grade] = tally.by_grade.get(grade, 0) + count


def not_opened(county: str, year: int, today: date) -> int:
    """How many who served in the county have no assessment of the year yet."""
    served = {one.cadre_id for one in main_terms(year, county, end_of(year, today))}
    known = Assessment.objects.filter(year=year, cadre__in=served).exclude(case__state=WITHDRAWN)
    return len(served - set(known.values_list("cadre", flat=True)))


def years_to_choose(today: date) -> list[int]:
    """The years that can be assessed, the latest first."""
    return list(range(today.year, FIRST_YEAR - 1, -1))


def year_of(text: str, today: date) -> int:
    """The year that an address names; an odd one is that at hand."""
    sound = text.isascii() and text.isdecimal() and len(text) == len("2020")
    return int(text) if sound and int(text) in years_to_choose(today) else today.year
