"""Who must do what by when in a place: the windows of the year against what the facts say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Left

from divisions.models import DIGITS, Level
from divisions.queries import codes_above
from divisions.scope import NATION, code_range, contains
from households.models import Household, Standard, Survey, YearFreeze
from officers.models import ROLE_NAMES, Officer, Posting
from officers.rules import Role
from reviews.calendar import (
    DUTIES,
    KEYS,
    Progress,
    Term,
    done_phases,
    due_for,
    terms,
    year_at_hand,
    years_at_work,
)
from reviews.models import DONE, Review, ReviewState, VillageReadiness
from reviews.quality import DUE_COUNT, SURVEYED, TO_CLEAR
from reviews.queries.readiness import Counts, is_counted_now, missing_in, overall
from workflow.parameters import FIELD_WORK
from workflow.queries import parameters_in_force

OVERSEERS = (Role.CITY_REVIEWER, Role.PROVINCE_OFFICER)
DUTY_ROLES = frozenset(role for duty in DUTIES.values() for role in duty.roles)


def windows_in(code: str, year: int) -> dict[str, Any]:
    """The days of the calendar that hold in a place, by key."""
    return {key: one.value for key, one in parameters_in_force(KEYS, code, year).items()}


@dataclass(frozen=True)
class YearState:
    """One year in one place: its phases, how far it is, and the latest binding review there."""

    year: int
    terms: list[Term]
    progress: Progress
    review: Review | None


def year_state(code: str, year: int, *, counts: Counts | None, today: date) -> YearState:
    """The year as the facts have it; `counts` is None while nobody counted.

    Above the county a step is done when it is done for all counties with households.
    """
    places, reviews = _counties(code, year), covering(code, year)
    finished = [one.root_id for one in reviews if one.state in DONE]
    committed = [one.root_id for one in reviews if one.state == ReviewState.COMMITTED]
    progress = Progress(
        missing=None if counts is None else missing_in(counts),
        to_clear=None if counts is None else counts.get(TO_CLEAR, 0),
        reviewed=_cover(finished, places),
        committed=_cover(committed, places),
        frozen=_cover(_frozen(code, year), places),
    )
    days = terms(windows_in(code, year), year=year, today=today, done=done_phases(progress))
    return YearState(year, days, progress, reviews[0] if reviews else None)


def covering(code: str, year: int) -> list[Review]:
    """The binding reviews of the year that the place has a part in, the latest first."""
    return list(Review.everywhere.overlapping(code, year).order_by("-pk"))


def _cover(roots: Iterable[str], places: Collection[str]) -> bool:
    """Whether each of the places lies in one of the divisions `roots`."""
    known = list(roots)
    return bool(places) and all(any(contains(root, one) for root in known) for one in places)


def _frozen(code: str, year: int) -> list[str]:
    found = YearFreeze.objects.filter(year=year, division_id__in=[NATION, *codes_above(code), code])
    low, high = code_range(code)
    found |= YearFreeze.objects.filter(year=year, division_id__gte=low, division_id__lt=high)
    return list(found.values_list("division_id", flat=True))


def _counties(code: str, year: int) -> list[str]:
    """The place itself up to a county; above it, the counties that have households to survey."""
    digits = DIGITS[Level.COUNTY]
    if len(code) >= digits:
        return [code]
    counted = VillageReadiness.everywhere.within(code).filter(year=year, counts__has_key=DUE_COUNT)
    found = counted.annotate(county=Left("village_id", digits)).order_by("county")
    return list(found.values_list("county", flat=True).distinct())


@dataclass(frozen=True)
class Deadline:
    """One phase in a place, with the officers in post there or above who have to do it."""

    term: Term
    roles: list[str]
    postings: list[Posting]


def deadlines_in(code: str, year_terms: Collection[Term], *, today: date) -> list[Deadline]:
    """The phases with their people; those of villages stand at the village alone."""
    places = [code, *codes_above(code)]
    held = [one for found in in_post(places, today=today).values() for one in found]
    return [
        Deadline(
            term=term,
            roles=[str(ROLE_NAMES[role]) for role in term.duty.roles],
            postings=[one for one in held if one.role in term.duty.roles],
        )
        for term in year_terms
    ]


def in_post(places: Iterable[str], *, today: date) -> dict[str, list[Posting]]:
    """Who is in post today with a duty of the calendar, by place. Officers are no secret."""
    found: dict[str, list[Posting]] = {}
    held = Posting.objects.in_force(today).filter(division_id__in=list(places), role__in=DUTY_ROLES)
    for one in held.select_related("officer", "division").order_by("division_id", "role", "pk"):
        found.setdefault(one.division_id, []).append(one)
    return found


def years_to_choose(today: date) -> list[int]:
    """The years that readiness can be looked at for, the latest first."""
    held = Standard.objects.published().filter(year__lt=today.year).values_list("year", flat=True)
    return sorted({*held, today.year - 1, today.year}, reverse=True)


def year_at_hand_in(code: str, *, today: date) -> int:
    """The year that people there work on: the last one until the next field work begins."""
    last = today.year - 1
    begun = [last] if _is_begun(code, last) else []
    frozen = [year for year in (last,) if _cover(_frozen(code, year), _counties(code, year))]
    at_work = years_at_work(today, begun=begun, frozen=frozen)
    return year_at_hand(today, at_work, windows_in(code, today.year)[FIELD_WORK])


def _is_begun(code: str, year: int) -> bool:
    if not is_counted_now(code):
        counted = VillageReadiness.everywhere.within(code)
        return counted.filter(year=year, counts__has_key=SURVEYED).exists()
    surveyed = Survey.objects.filter(household=OuterRef("pk"), year=year, withdrawn_at=None)
    return Household.everywhere.standing().within(code).filter(Exists(surveyed)).exists()


@dataclass(frozen=True)
class Behind:
    """How many counties of a place have households to survey, and how far their reviews are.

    `unfinished` have no finished binding review of the year, `uncommitted` no committed one.
    """

    year: int
    place: str
    counties: int
    unfinished: int
    uncommitted: int


def counties_behind(officer: Officer, *, today: date) -> Behind | None:
    """How far the counties below are with the year at hand; None for roles without counties."""
    if officer.acting_role not in OVERSEERS:
        return None
    code = officer.acting_division
    year = year_at_hand_in(code, today=today)
    places, reviews = _counties(code, year), covering(code, year)
    finished = [one.root_id for one in reviews if one.state in DONE]
    committed = [one.root_id for one in reviews if one.state == ReviewState.COMMITTED]
    return Behind(
        year=year,
        place=code,
        counties=len(places),
        unfinished=sum(not _cover(finished, [one]) for one in places),
        uncommitted=sum(not _cover(committed, [one]) for one in places),
    )


@dataclass(frozen=True)
class Reminder:
    """One phase that the acting role has to see to now, in its place and year."""

    state: YearState
    place: str
    term: Term


def reminders_of(officer: Officer, *, today: date) -> list[Reminder]:
    """What is due now for the acting role in its place, the earlier year first."""
    role, code = officer.acting_role, officer.acting_division
    if role not in DUTY_ROLES:
        return []
    counts = {year: overall(code, year, today=today)[0] for year in (today.year - 1, today.year)}
    states = {
        year: year_state(code, year, counts=found, today=today) for year, found in counts.items()
    }
    begun = [year for year, found in counts.items() if found and found.get(SURVEYED)]
    frozen = [year for year, state in states.items() if state.progress.frozen]
    return [
        Reminder(states[year], code, term)
        for year in years_at_work(today, begun=begun, frozen=frozen)
        for term in due_for(role, states[year].terms)
    ]
