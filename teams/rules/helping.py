"""Which households must have a helper, who takes them over, and which were not visited for long."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from households.rules import ON_REGISTER, State
from teams.rules.terms import Span

Key = TypeVar("Key")


def needs_helper(state: int, exit_year: int | None, *, year: int, support_years: int) -> bool:
    """Whether a household must have a helper: on the register, or in the years after its exit.

    Support of an exit in 2020 with three years lasts to the end of 2023.
    """
    if state in ON_REGISTER:
        return True
    supported = exit_year is not None and year <= exit_year + support_years
    return state == State.EXITED and supported


def is_unvisited(last: date | None, today: date, *, days: int) -> bool:
    """Whether the last visit lies more than `days` days back, or there was none."""
    return last is None or last < today - timedelta(days=days)


def busiest(spans: Iterable[Span], first: date) -> int:
    """The most spans that hold on one day, from `first` on. One that ended before counts for none.

    A span that begins later counts from its own first day: a helper is never promised twice.
    """
    ahead = [span for span in spans if span.last is None or span.last >= first]
    starts = {max(span.first, first) for span in ahead}
    return max((sum(span.holds(day) for span in ahead) for day in starts), default=0)


def spread(count: int, free: Mapping[Key, int]) -> list[Key]:
    """Who takes each of `count` households: always the one with the most free places left.

    Among equals the first named. ValueError when the places do not suffice.
    """
    left = {key: max(places, 0) for key, places in free.items()}
    if sum(left.values()) < count:
        raise ValueError("too few places")
    takers: list[Key] = []
    for _ in range(count):
        taker = max(left, key=lambda key: left[key])
        left[taker] -= 1
        takers.append(taker)
    return takers
