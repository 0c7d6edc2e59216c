"""How long an exited household is looked after, and when a visit to it is overdue."""

from datetime import date, timedelta


def tracked_until(exit_year: int, approved_on: date, years: int) -> date:
    """The last day of the tracking: the end of the year that lies `years` after the exit.

    Support never begins before the decision: an exit of a year long past counts from the day of its
    approval. Source: domain reference §7.4, four no-removals.
    """
    return date(max(exit_year, approved_on.year) + years, 12, 31)


def is_overdue(last: date | None, since: date, today: date, *, days: int) -> bool:
    """Whether the last visit, or the beginning where there was none, is more than `days` back."""
    return (last or since) < today - timedelta(days=days)
