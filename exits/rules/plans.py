"""What stands out in the exits of a year: haste, delay, and decisions that were made too fast."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

FEWEST_DECISIONS = 5
"""Of fewer decisions no habit can be told."""


class Mark(StrEnum):
    """What a plan and its exits show beside each other."""

    EXACT = "exact"
    OVER = "over"
    UNREACHED = "unreached"
    PARTS = "parts"
    RAISED = "raised"


def marks_of(planned: int | None, actual: int, *, is_over: bool, is_village: bool) -> list[Mark]:
    """What stands out; `is_over` says that no exit of the year can be decided any more,
    `is_village` that it is a quota.

    A village with just as many exits as its quota asks may have counted to the quota instead of
    judging its households; a larger place hits its sum by chance no less often than another number.
    """
    if planned is None:
        return []
    found = []
    if is_village and planned > 0 and actual == planned:
        found.append(Mark.EXACT)
    if actual > planned:
        found.append(Mark.OVER)
    if is_over and actual < planned:
        found.append(Mark.UNREACHED)
    return found


def was_raised(approved: Sequence[tuple[int, datetime]], begun: datetime | None) -> bool:
    """Whether a plan was raised over its first approved version once exits had been decided.

    `approved` are the versions by their order, each with the moment of its approval; `begun` is
    that of the first exit, None where there is none.
    """
    if begun is None or not approved:
        return False
    first = approved[0][0]
    return any(count > first and at > begun for count, at in approved[1:])


def parts_differ(planned: int | None, below: int | None) -> bool:
    """Whether a place and the places below it plan other numbers: somebody plans for nobody."""
    return planned is not None and below is not None and planned != below


@dataclass(frozen=True)
class Habit:
    """How one approver decided: how many cases, how many approved, how many unseen, how fast.

    An unseen one is a case that he did not open before he decided on it. `seconds` a case is the
    middle one, from opening to decision.
    """

    decisions: int
    approved: int
    unseen: int
    seconds: float

    @property
    def percent(self) -> float:
        """The share of approvals."""
        return 100 * self.approved / self.decisions if self.decisions else 0

    def stands_out(self, *, fast_seconds: int) -> bool:
        """Whether everything was approved, and faster than anybody reads a case."""
        if self.decisions < FEWEST_DECISIONS or self.approved < self.decisions:
            return False
        return self.seconds < fast_seconds


def seconds_a_case(taken: Iterable[float | None]) -> float:
    """The middle one of the seconds that decisions took; one on an unseen case, None, took none.

    The middle tells more than the average: one case left open over lunch hides no haste.
    """
    known = [0.0 if seconds is None else max(0.0, seconds) for seconds in taken]
    return median(known) if known else 0.0
