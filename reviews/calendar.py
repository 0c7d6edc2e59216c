"""The year's calendar: which phase is when, who must do what by when. No clock, no Django.

The windows are policy parameters; whether the work of a phase is done is for the caller to know.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from officers.rules import Role
from workflow.machine import gettext_noop
from workflow.parameter_kinds import day_in
from workflow.parameters import CLEANING, COUNTY_AUDIT, ENTRY, FIELD_WORK, FREEZE

KEYS = (FIELD_WORK, ENTRY, CLEANING, COUNTY_AUDIT, FREEZE)


class Phase(StrEnum):
    FIELD_WORK = "field_work"
    ENTRY = "entry"
    CLEANING = "cleaning"
    AUDIT = "audit"
    DECISION = "decision"


class Standing(StrEnum):
    TO_COME = "to_come"
    RUNNING = "running"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True)
class Duty:
    """What is to be done in a phase, and the roles that have to do it."""

    name: str
    task: str
    roles: tuple[Role, ...]


DUTIES = {
    Phase.FIELD_WORK: Duty(
        gettext_noop("Field work"),
        gettext_noop("Visit every household and fill in the survey of the year."),
        (Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER),
    ),
    Phase.ENTRY: Duty(
        gettext_noop("Entry"),
        gettext_noop("See that the survey of every household is entered."),
        (Role.TOWNSHIP_REVIEWER,),
    ),
    Phase.CLEANING: Duty(
        gettext_noop("Cleaning"),
        gettext_noop("Have gaps filled and doubtful figures explained or corrected."),
        (Role.TOWNSHIP_REVIEWER,),
    ),
    Phase.AUDIT: Duty(
        gettext_noop("County audit"),
        gettext_noop("Check the facts and let the review of the year run."),
        (Role.COUNTY_CLERK,),
    ),
    Phase.DECISION: Duty(
        gettext_noop("Commitment and freeze"),
        gettext_noop("Commit the review and freeze the data of the year."),
        (Role.COUNTY_APPROVER,),
    ),
}


@dataclass(frozen=True)
class Term:
    """One phase of one year, first and last day included.

    `days_left` counts from today to the last day: 0 on the last day itself, negative after it.
    """

    phase: Phase
    begin: date
    end: date
    standing: Standing
    days_left: int

    @property
    def duty(self) -> Duty:
        """What is to be done, and by whom."""
        return DUTIES[self.phase]

    @property
    def days_late(self) -> int:
        """Whole days since the last day; 0 up to it."""
        return max(-self.days_left, 0)


def terms(
    windows: Mapping[str, Any], *, year: int, today: date, done: Collection[Phase]
) -> list[Term]:
    """The phases of `year` in their order. `windows` holds the value of each of KEYS.

    The county approver's phase begins on the day after the audit and ends on the day of the freeze.
    """
    days = {
        Phase.FIELD_WORK: _days(windows[FIELD_WORK], year),
        Phase.ENTRY: _days(windows[ENTRY], year),
        Phase.CLEANING: _days(windows[CLEANING], year),
        Phase.AUDIT: _days(windows[COUNTY_AUDIT], year),
    }
    freeze = day_in(year, windows[FREEZE])
    days[Phase.DECISION] = min(days[Phase.AUDIT][1] + timedelta(days=1), freeze), freeze
    return [
        Term(
            phase,
            begin,
            end,
            Standing.DONE if phase in done else standing_of(begin, end, today=today),
            (end - today).days,
        )
        for phase, (begin, end) in days.items()
    ]


def standing_of(begin: date, end: date, *, today: date) -> Standing:
    """Where today is against the days of unfinished work."""
    if today < begin:
        return Standing.TO_COME
    return Standing.RUNNING if today <= end else Standing.OVERDUE


def due_for(role: str, year_terms: Collection[Term]) -> list[Term]:
    """What an officer in `role` has to do now: begun and not done."""
    now = (Standing.RUNNING, Standing.OVERDUE)
    return [one for one in year_terms if one.standing in now and role in one.duty.roles]


@dataclass(frozen=True)
class Progress:
    """How far the year is in one place; the counts are of households, None while nobody counted.

    `missing` have no survey, `to_clear` a gap or facts that must be mended. The place is `reviewed`
    when a binding review that covers it is finished.
    """

    missing: int | None
    to_clear: int | None
    reviewed: bool
    committed: bool
    frozen: bool


def done_phases(progress: Progress) -> frozenset[Phase]:
    """The phases whose work is done, as the facts say.

    What is frozen is not surveyed or cleaned any more.
    """
    surveyed = progress.frozen or progress.missing == 0
    cleaned = progress.frozen or (surveyed and progress.to_clear == 0)
    done = {
        Phase.FIELD_WORK: surveyed,
        Phase.ENTRY: surveyed,
        Phase.CLEANING: cleaned,
        Phase.AUDIT: progress.reviewed,
        Phase.DECISION: progress.committed and progress.frozen,
    }
    return frozenset(phase for phase, is_done in done.items() if is_done)


def years_at_work(
    today: date, *, begun: Collection[int], frozen: Collection[int]
) -> tuple[int, ...]:
    """The years that something may be due for, the earlier first.

    This year, and the last one too until it is frozen, if it was surveyed at all (`begun`): who
    begins with the system owes nothing for the year before. A frozen year is over.
    """
    last, this = today.year - 1, today.year
    asked = ([last] if last in begun else []) + [this]
    return tuple(year for year in asked if year not in frozen)


def year_at_hand(today: date, at_work: Collection[int], field_work: list[str]) -> int:
    """The year that a page opens with: the last one while it is at work, up to the field work.

    `field_work` is the window of this year.
    """
    first, _last = _days(field_work, today.year)
    return today.year if today >= first or today.year - 1 not in at_work else today.year - 1


def _days(window: list[str], year: int) -> tuple[date, date]:
    first, last = window
    return day_in(year, first), day_in(year, last)
