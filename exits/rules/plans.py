"""What stands out in the exits of a year: haste, delay, and decisions that were made too fast."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FEWEST_DECISIONS = 5
"""Of fewer decisions no habit can be told."""


class Mark(StrEnum):
    """What a plan and its exits show beside each other."""

    EXACT = "exact"
    OVER = "over"
    UNREACHED = "unreached"


def marks_of(planned: int | None, actual: int, *, is_over: bool, is_village: bool) -> list[Mark]:
    """What stands out; `is_over` says that the year has ended, `is_village` that it is a quota.

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


@dataclass(frozen=True)
class Habit:
    """How one approver decided: how many cases, how many approved, seconds a case on average.

    `seconds` is None where no two decisions followed each other without a pause.
    """

    decisions: int
    approved: int
    seconds: float | None

    @property
    def percent(self) -> float:
        """The share of approvals."""
        return 100 * self.approved / self.decisions if self.decisions else 0

    def stands_out(self, *, fast_seconds: int) -> bool:
        """Whether everything was approved, and faster than anybody reads a case."""
        if self.decisions < FEWEST_DECISIONS or self.approved < self.decisions:
            return False
        return self.seconds is not None and self.seconds < fast_seconds


def seconds_a_case(gaps: Iterable[float], *, longest: int) -> float | None:
    """The average of the gaps between decisions; one longer than `longest` was a pause."""
    worked = [gap for gap in gaps if gap <= longest]
    return sum(worked) / len(worked) if worked else None
