"""Which households must have a helper, and which were not visited for long."""

from datetime import date, timedelta

from households.rules import ON_REGISTER, State


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
