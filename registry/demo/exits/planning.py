"""How many exits were planned: rolling plans of each place, signed by two people each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from django.db.models import Count, QuerySet
from django.db.models.functions import Left

from divisions.models import DIGITS, Level
from divisions.scope import in_range
from exits.models import ExitPlan
from households.models import Household
from households.rules import ON_REGISTER
from officers.models import Officer
from registry.demo.accounts import CITY, COUNTY
from registry.demo.assistance.writing import moment
from registry.demo.exits.hands import Hands
from registry.demo.exits.villages import Fate, Village
from registry.demo.places import PROVINCE

PERSONS_OF_TEN = 29
"""Persons in ten households, as the plans reckon."""

AHEAD_OF_FACTS = (0, 0, 1, -1, 2)
"""By how many the plan of a village missed what came; two of five hit their quota exactly."""

SHARE_OF_REST, SHARE_OF_FIRST_PLAN = 0.6, 0.8
YEARLY, REVISED, NEXT = "年度减贫计划", "按动态调整结果修订", "滚动规划下一年度"
ABOVE_VILLAGES = (Level.PROVINCE, Level.CITY, Level.COUNTY)


@dataclass(frozen=True)
class Wanted:
    """How many exits a place plans for a year, why, and when it was proposed and approved."""

    code: str
    year: int
    about: str
    count: int
    reason: str
    proposed_on: date
    approved_on: date | None
    version: int = 1


def plan_exits(found: Sequence[Village], years: Sequence[int], hands: Hands, *, seed: int) -> int:
    """The plans of the last years and the next one, which waits; how many versions there are."""
    random = Random(seed * 1000 + 29)  # noqa: S311 - made-up figures, nothing secret
    wanted = [*_of_households(years, hands, random), *_of_places(found, years[-1], hands)]
    rows = [_row(one, hands) for one in wanted]
    return len(ExitPlan.everywhere.bulk_create(rows))


def _row(wanted: Wanted, hands: Hands) -> ExitPlan:
    first, second = _offices(wanted.code, hands)
    is_approved = wanted.approved_on is not None
    if wanted.code == CITY and not is_approved:
        first, second = second, first
    persons = wanted.count * PERSONS_OF_TEN // 10
    return ExitPlan(
        division_id=wanted.code, year=wanted.year, about=wanted.about, version=wanted.version,
        count=wanted.count, persons=persons if wanted.about == "households" else None,
        reason=wanted.reason, proposed_by=first, proposed_at=moment(wanted.proposed_on, 10),
        approved_by=second if is_approved else None,
        approved_at=moment(wanted.approved_on, 16) if wanted.approved_on else None,
    )  # fmt: skip


def _offices(code: str, hands: Hands) -> tuple[Officer, Officer]:
    """Who proposes the plan of a place, and who approves it."""
    if code == PROVINCE:
        return hands["province"], hands["province-approver"]
    if code == CITY:
        return hands["city"], hands[f"city-{CITY}"]
    return hands.clerk(code), hands.approver(code)


def _versions(code: str, year: int, about: str, count: int, *, last: int) -> Iterator[Wanted]:
    """One version a year; the last year was revised in summer where it is planned above villages,
    and the next one waits there.
    """
    if year > last:
        yield Wanted(code, year, about, count, NEXT, date(last, 11, 23), None)
        return
    asked, agreed = date(year, 1, 15), date(year, 1, 28)
    if year == last and len(code) <= DIGITS[Level.COUNTY]:
        first = int(count * SHARE_OF_FIRST_PLAN)
        yield Wanted(code, year, about, first, YEARLY, asked, agreed)
        asked, agreed = date(year, 7, 13), date(year, 7, 24)
        yield Wanted(code, year, about, count, REVISED, asked, agreed, version=2)
        return
    yield Wanted(code, year, about, count, YEARLY, asked, agreed)


def _of_households(years: Sequence[int], hands: Hands, random: Random) -> Iterator[Wanted]:
    last, about = years[-1], ExitPlan.About.HOUSEHOLDS
    everywhere = Household.everywhere.standing().filter(in_range("village_id", PROVINCE))
    rest = _by_place(everywhere.filter(state__in=ON_REGISTER))
    townships = sorted({one[:9] for one in hands.villages})
    for year in years[-3:-1]:
        came = _by_place(everywhere.filter(exit_year=year))
        for code in (PROVINCE, CITY, *hands.counties):
            count = came.get(code, 0) * random.randint(96, 106) // 100
            yield from _versions(code, year, about, count, last=last)
        missed = {one: random.choice(AHEAD_OF_FACTS) for one in hands.villages}
        counts = {one: max(0, came.get(one, 0) + missed[one]) for one in hands.villages}
        for code, count in (counts | _added(townships, counts)).items():
            yield from _versions(code, year, about, count, last=last)
    counts = {code: round(number * SHARE_OF_REST) for code, number in rest.items()}
    for code in (PROVINCE, CITY, *hands.counties, *townships, *hands.villages):
        yield from _versions(code, last, about, counts.get(code, 0), last=last)
    for code in (PROVINCE, CITY, COUNTY):
        left = rest.get(code, 0) - counts.get(code, 0)
        yield from _versions(code, last + 1, about, left, last=last)


def _added(townships: Iterable[str], counts: Mapping[str, int]) -> dict[str, int]:
    return {
        code: sum(count for village, count in counts.items() if village.startswith(code))
        for code in townships
    }


def _by_place(households: QuerySet[Household]) -> dict[str, int]:
    """How many of them lie in each province, city, county, township and village, by its code."""
    found: dict[str, int] = {}
    by_village = households.order_by().annotate(place=Left("village_id", DIGITS[Level.VILLAGE]))
    for code, number in by_village.values_list("place").annotate(Count("pk")):
        for level in (*ABOVE_VILLAGES, Level.TOWNSHIP, Level.VILLAGE):
            place = code[: DIGITS[level]]
            found[place] = found.get(place, 0) + number
    return found


def _of_places(found: Sequence[Village], last: int, hands: Hands) -> Iterator[Wanted]:
    """Villages that are to leave, as their services are complete; one county in each year."""
    places = (PROVINCE, CITY, *hands.counties)
    for year in (last - 1, last):
        for code in places:
            going = [one for one in found if one.complete == year and one.code.startswith(code)]
            count = sum(one.fate is not Fate.UNRECORDED for one in going)
            yield from _versions(code, year, ExitPlan.About.VILLAGES, count, last=last)
        for code in places[:2]:
            yield from _versions(code, year, ExitPlan.About.COUNTIES, 1, last=last)
