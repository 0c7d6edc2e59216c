"""Which households left in which year, and how their exits went."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice, repeat
from random import Random
from typing import Any

from django.db.models import QuerySet

from exits.actions.opening import standard_of
from exits.queries.warnings import warnings_of_facts
from households.models import Household, Survey
from households.rules import State
from households.snapshot import snapshots
from registry.demo.accounts import VILLAGE
from registry.demo.courses import be_on
from registry.demo.exits.archive import Archive, Leaving
from registry.demo.exits.courses import (
    AGREED,
    CHECKED,
    DOUBTED,
    REFUSED,
    REJECTED,
    SECONDED,
    Course,
)
from registry.demo.exits.hands import Hands
from trail.dates import business_date

OPENED, OPENED_EARLY = (11, 29), (11, 15)
"""Month and day: when the exits of a year are opened, and those of the last year, of which some
are decided already."""

ELSEWHERE, REJECTIONS = 5, 2
"""So many households of each other village and year; so many exits that were rejected."""

ORDINARY: Sequence[Course] = (AGREED,)
EVENTFUL: Sequence[Course] = (REFUSED, AGREED, SECONDED)
THIS_YEAR: Sequence[Course] = (CHECKED, AGREED, CHECKED, DOUBTED)
"""How the first exits of a village went; the others were agreed. Of the last year the one with the
fewest warnings comes first."""

Ready = tuple[Household, dict[str, Any]]


def leave_before(years: Sequence[int], hands: Hands, *, seed: int) -> int:
    """Give the households that left before the last year the cases by which they left.

    All of the demo accounts' village, a few of the other villages in the two years before; who
    left in a year without survey stays loaded history. Returns how many cases were written.
    """
    archive = Archive(hands, Random(seed * 1000 + 17))  # noqa: S311 - nothing secret
    for year in years[:-1]:
        exited = Household.everywhere.standing().filter(state=State.EXITED, exit_year=year)
        for village in hands.villages if year in years[-3:-1] else hands.villages[:1]:
            found = _as_poor(exited.filter(village=village).order_by("pk"))
            ready = [one for one in _with_facts(found, year) if one[1]["finding"]["exit_ready"]]
            is_eventful = village == VILLAGE and year == years[-2]
            courses = EVENTFUL if is_eventful else ORDINARY
            most = len(ready) if village == VILLAGE else ELSEWHERE
            archive.file(_leaving(hands, ready[:most], courses, date(year, *OPENED)))
    for year in years[-2:-1]:
        archive.file(_rejected(hands, year))
    return archive.write()


def leave_this_year(year: int, hands: Hands, *, seed: int) -> int:
    """Let some exits of the last year be decided, and some wait for the approver.

    None of the demo accounts' village, whose exits the review proposes. Returns how many cases
    were written.
    """
    archive = Archive(hands, Random(seed * 1000 + 19))  # noqa: S311 - nothing secret
    opened_on = date(year, *OPENED_EARLY)
    surveyed = Survey.objects.filter(year=year, recorded_at__date__lt=opened_on)
    on_register = Household.everywhere.registered().exclude(state=State.RELAPSED)
    early = on_register.filter(pk__in=surveyed.values("household")).order_by("pk")
    for village in hands.villages[1:]:
        found = list(early.filter(village=village))
        ready = [one for one in _with_facts(found, year) if one[1]["finding"]["exit_ready"]]
        plainest = _plainest_first(ready)[: len(THIS_YEAR)]
        archive.file(_leaving(hands, plainest, THIS_YEAR, opened_on))
    be_on(max([business_date(), *(one.on for one in archive.events)]), by=hands["province"])
    return archive.write()


def _as_poor(exited: QuerySet[Household]) -> list[Household]:
    """These households as they stood before they left; nothing is saved."""
    found = list(exited)
    for one in found:
        one.state, one.exit_year = State.POOR, None
    return found


def _with_facts(households: Sequence[Household], year: int) -> list[Ready]:
    if not households:
        return []
    facts = snapshots(households, year=year, standard=standard_of(households[0], year))
    return [(one, facts[one.pk]) for one in households if facts[one.pk]["survey"]]


def _plainest_first(found: Sequence[Ready]) -> list[Ready]:
    warned = warnings_of_facts({one.pk: facts for one, facts in found})
    return sorted(found, key=lambda one: len(warned[one[0].pk]))


def _leaving(
    hands: Hands, found: Iterable[Ready], courses: Sequence[Course], opened_on: date
) -> list[Leaving]:
    """In the accounts' village the approvers take turns, elsewhere from village to village.

    Who asks for a second look is the second one, so that the first finds it waiting.
    """
    both = (hands.approver(VILLAGE), hands.second)
    ways = chain(courses, repeat(AGREED))
    leaving = []
    for place, ((household, facts), course) in enumerate(zip(found, ways, strict=False)):
        village = hands.villages.index(household.village_id)
        turn = 1 if course is DOUBTED else (village or place) % len(both)
        first, second = both[turn], both[1 - turn]
        leaving.append(Leaving(household, facts, course, opened_on, first, second))
    return leaving


def _rejected(hands: Hands, year: int) -> Iterator[Leaving]:
    """Households of the accounts' village that were proposed and are poor to this day."""
    poor = Household.everywhere.standing().filter(village=VILLAGE, state=State.POOR)
    found = _with_facts(list(poor.order_by("-pk")), year)
    lacking = (one for one in found if one[1]["finding"]["lacks"] and not one[1]["finding"]["gaps"])
    for household, facts in islice(lacking, REJECTIONS):
        yield Leaving(
            household, facts, REJECTED, date(year, *OPENED), hands.approver(VILLAGE), hands.second
        )
