"""Exit plans: which version holds, what waits for approval, and the plan against what happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Left

from divisions.models import Division, Level
from divisions.scope import contains, in_range
from exits.models import ExitPlan, ListedPlace
from exits.procedure import COUNTY_EXIT, VILLAGE_EXIT
from exits.queries.actual import Exited, begun_in, exited_in
from exits.rules.plans import Mark, marks_of, parts_differ, was_raised
from exits.rules.years import can_be_decided
from households.rights import FEWEST_COUNTED, ShownCounts, reads_names, shown_counts
from households.suppression import Key, total
from officers.models import Officer
from workflow.models import CaseEvent

About = ExitPlan.About
HOUSEHOLDS, PERSONS, DECIDED, LOADED = "households", "persons", "decided", "loaded"
LOWEST: dict[str, Level] = {
    About.HOUSEHOLDS: Level.VILLAGE,
    About.VILLAGES: Level.TOWNSHIP,
    About.COUNTIES: Level.CITY,
}
"""The lowest level that plans such exits."""

CASES: dict[str, str] = {About.VILLAGES: VILLAGE_EXIT.kind, About.COUNTIES: COUNTY_EXIT.kind}
LISTED: dict[str, Level] = {About.VILLAGES: Level.VILLAGE, About.COUNTIES: Level.COUNTY}


@dataclass(frozen=True)
class Line:
    """A place with its plan and its exits of one year, as a role may see them.

    `below` adds up what the places right below it plan; None where none of them plans. `drawn` are
    the lengths of the two bars; `actual` and `share` stay "" or hidden for few. `loaded` are those
    of `actual` that no decision is on record of, "" for none.
    """

    division: Division
    plan: ExitPlan | None
    waiting: ExitPlan | None
    below: int | None
    actual: str
    actual_persons: str
    loaded: str
    share: str
    drawn: tuple[int, int]
    marks: list[Mark]


@dataclass(frozen=True)
class Exact:
    """Of `with_quota` villages that have a quota, `exact` exited exactly as many."""

    with_quota: int
    exact: int


@dataclass(frozen=True)
class PlanPage:
    """The plan of a place beside its exits, and those of the places right below it.

    `unplanned` of the places below have no plan in force.
    """

    whole: Line
    parts: list[Line]
    unplanned: int
    exact: Exact | None


@dataclass(frozen=True)
class YearLine:
    """One year of a rolling plan: what holds, what waits, and every version, the newest first."""

    year: int
    holds: ExitPlan | None
    waiting: ExitPlan | None
    versions: list[ExitPlan]


def plans_of(places: Iterable[str], about: str) -> QuerySet[ExitPlan]:
    """Every version of the plans of these places, the newest first; with the two officers."""
    found = ExitPlan.everywhere.filter(division__in=list(places), about=about)
    return found.select_related("proposed_by", "approved_by").order_by("-version")


def holding(versions: Iterable[ExitPlan]) -> ExitPlan | None:
    """The newest approved version of one place and year."""
    return next((one for one in versions if one.approved_by_id), None)


def awaiting(versions: Sequence[ExitPlan]) -> ExitPlan | None:
    """The newest version of one place and year, while nobody has approved it."""
    return versions[0] if versions and versions[0].approved_by_id is None else None


def newest_of(place: str, about: str) -> int:
    """The key of what was written last of the plan of a place; 0 for nothing."""
    return max((one.pk for one in plans_of([place], about)), default=0)


def rolling(place: str, about: str) -> list[YearLine]:
    """The plan of a place by year, the earliest first."""
    by_year: dict[int, list[ExitPlan]] = {}
    for one in plans_of([place], about):
        by_year.setdefault(one.year, []).append(one)
    return [
        YearLine(year, holding(own), awaiting(own), own) for year, own in sorted(by_year.items())
    ]


def plan_page(officer: Officer, place: Division, year: int, about: str, *, today: date) -> PlanPage:
    """The page of a place within the posting. Roles without names are not told of few exits."""
    lowest = LOWEST[about]
    levels = Division.objects.in_force(date(year, 12, 31)).below(place.pk)
    below = [one for one in levels if one.level <= lowest]
    codes = [place.pk, *(one.pk for one in below)]
    versions: dict[str, list[ExitPlan]] = {}
    for one in plans_of(codes, about).filter(year=year):
        versions.setdefault(one.division_id, []).append(one)
    of_households = about == About.HOUSEHOLDS
    exited = exited_in(place.pk, year) if of_households else {}
    counts = (
        _actual(place, below, exited) if of_households else _left_list(place, below, year, about)
    )
    shown = _shown(officer, place, below, counts, about)
    sums = _planned_below([place, *below[:1]], year, about)
    is_over = not can_be_decided(year, today.year)
    begun = begun_in(place.pk, year) if of_households else _places_begun(place, year, about)

    def line(division: Division) -> Line:
        own, lower = versions.get(division.pk, []), sums.get(division.pk)
        first = _first_in(division, begun)
        return _line(division, own, lower, shown, about, first, is_over=is_over)

    parts = [line(one) for one in below]
    return PlanPage(
        whole=line(place),
        parts=parts,
        unplanned=sum(one.plan is None for one in parts),
        exact=_exact(officer, place, year, exited) if of_households else None,
    )


def _approved(versions: Sequence[ExitPlan]) -> list[tuple[int, datetime]]:
    """The approved ones of versions, the oldest first, with the moment of their approval."""
    return [(one.count, one.approved_at) for one in reversed(versions) if one.approved_at]


def _first_in(division: Division, begun: Mapping[str, datetime]) -> datetime | None:
    return min((at for code, at in begun.items() if contains(division.pk, code)), default=None)


def _places_begun(place: Division, year: int, about: str) -> dict[str, datetime]:
    """When the exit of each village or county was approved."""
    events = CaseEvent.objects.filter(
        in_range("case__division_id", place.pk), case__kind=CASES[about],
        case__facts__year=year, to_state="approved",
    )  # fmt: skip
    return dict(events.order_by().values_list("case__division_id").annotate(Min("at")))


def _line(
    division: Division,
    versions: Sequence[ExitPlan],
    below: int | None,
    shown: ShownCounts,
    about: str,
    first: datetime | None,
    *,
    is_over: bool,
) -> Line:
    """The line of a place; `first` is when an exit of the year was decided there first."""
    plan, key = holding(versions), (division.pk, HOUSEHOLDS)
    hidden = shown.is_hidden(key)
    actual = shown.counts.get(key, 0)
    village = about == About.HOUSEHOLDS and division.level == Level.VILLAGE
    planned = plan.count if plan else None
    marks = marks_of(planned, actual, is_over=is_over, is_village=village) if not hidden else []
    if parts_differ(planned, below):
        marks.append(Mark.PARTS)
    if not hidden and was_raised(_approved(versions), first):
        marks.append(Mark.RAISED)
    persons, loaded = (division.pk, PERSONS), (division.pk, LOADED)
    return Line(
        division=division,
        plan=plan,
        waiting=awaiting(versions),
        below=below,
        actual=shown.text(key),
        actual_persons=shown.text(persons) if persons in shown.counts else "",
        loaded=shown.text(loaded) if shown.counts.get(loaded) else "",
        share="" if hidden or not planned else f"{100 * actual / planned:.1f} %",
        drawn=(planned or 0, shown.drawn(key)),
        marks=marks,
    )


def _planned_below(above: Sequence[Division], year: int, about: str) -> dict[str, int]:
    """What the places right below each place add up to, by code, where one of them plans.

    `above` are the uppermost place and one of those right below it, which tells their level.
    """
    place, sums = above[0], dict[str, int]()
    for upper in above:
        level = Level(upper.level + 1) if upper.level < LOWEST[about] else None
        if level is None:
            break
        found = ExitPlan.everywhere.filter(
            in_range("division_id", place.pk), division__level=level, year=year, about=about,
            approved_by__isnull=False,
        )  # fmt: skip
        held = dict(found.order_by("version").values_list("division_id", "count"))
        for code, count in held.items():
            parent = code[: len(upper.pk)]
            sums[parent] = sums.get(parent, 0) + count
    return sums


def _actual(
    place: Division, below: Sequence[Division], exited: Mapping[str, Exited]
) -> dict[Key, int]:
    """Exits of households by (code, what), for a place and those right below it."""
    digits = len(below[0].pk) if below else len(place.pk)
    counts: dict[Key, int] = {}
    for village, one in exited.items():
        for code in {village[:digits], place.pk}:
            for what, number in _figures(one).items():
                counts[code, what] = counts.get((code, what), 0) + number
    return counts


def _figures(exited: Exited) -> dict[str, int]:
    return {
        HOUSEHOLDS: exited.households,
        PERSONS: exited.persons,
        DECIDED: exited.decided,
        LOADED: exited.loaded,
    }


def _left_list(place: Division, below: Sequence[Division], year: int, about: str) -> dict[Key, int]:
    """The same of villages or counties, which leave their list."""
    digits = len(below[0].pk) if below else len(place.pk)
    listed = ListedPlace.everywhere.filter(in_range("division_id", place.pk), exit_year=year)
    found = listed.filter(division__level=LISTED[about]).annotate(part=Left("division_id", digits))
    counts: dict[Key, int] = {}
    for code, number in found.order_by().values_list("part").annotate(Count("pk")):
        for key in {(code, HOUSEHOLDS), (place.pk, HOUSEHOLDS)}:
            counts[key] = counts.get(key, 0) + number
    return counts


def _shown(
    officer: Officer,
    place: Division,
    below: Sequence[Division],
    counts: Mapping[Key, int],
    about: str,
) -> ShownCounts:
    """Exits of places are public; few households are told to nobody who may not name them.

    Such a role reads of persons the sum of the place alone, unless the households are few.
    """
    if about != About.HOUSEHOLDS or reads_names(officer):
        none: dict[Key, int] = {(one.pk, PERSONS): 0 for one in (place, *below)}
        return ShownCounts({**none, **counts}, shown_counts(officer, {}, []).hidden)
    sums = [
        total((one.pk, HOUSEHOLDS), [(one.pk, DECIDED), (one.pk, LOADED)])
        for one in (place, *below)
    ]
    if below:
        sums += [
            total((place.pk, what), [(one.pk, what) for one in below])
            for what in (HOUSEHOLDS, DECIDED, LOADED)
        ]
    told = {key: n for key, n in counts.items() if key[1] != PERSONS}  # type: ignore[index]
    shown = shown_counts(officer, told, sums)
    if not shown.is_hidden((place.pk, HOUSEHOLDS)):
        whole: dict[Key, int] = {(place.pk, PERSONS): counts.get((place.pk, PERSONS), 0)}
        return ShownCounts({**told, **whole}, shown.hidden)
    return shown


def _exact(
    officer: Officer, place: Division, year: int, exited: Mapping[str, Exited]
) -> Exact | None:
    """The villages of a place with a quota in force, and those that hit it exactly.

    A role without names is told of counties and larger places alone, and not of quotas of few.
    """
    if not reads_names(officer) and place.level > Level.COUNTY:
        return None
    fewest = 1 if reads_names(officer) else FEWEST_COUNTED
    quotas: dict[str, int] = {}
    found = ExitPlan.everywhere.filter(
        in_range("division_id", place.pk), division__level=Level.VILLAGE, year=year,
        about=About.HOUSEHOLDS, approved_by__isnull=False,
    )  # fmt: skip
    for code, count in found.order_by("version").values_list("division_id", "count"):
        quotas[code] = count
    asked = {code: count for code, count in quotas.items() if count >= fewest}
    hits = sum(exited.get(code, Exited()).households == count for code, count in asked.items())
    return Exact(len(asked), hits)
