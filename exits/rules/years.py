"""Of which years facts bear an exit: of the one in which somebody decides, or of the last.

Source: decision 26.
"""

from datetime import date


def can_be_decided(year: int, this: int) -> bool:
    """Whether exits on facts of a year are decided in this one, or in one to come."""
    return year >= this - 1


def bear_an_exit(year: int, today: date) -> bool:
    """Whether facts of a year bear an exit today: neither too old, nor of a year to come."""
    return year <= today.year and can_be_decided(year, today.year)
