"""Shares and their limits, exactly: whole numbers and fractions, never a float."""

from fractions import Fraction
from math import floor

BASIS_POINTS = 10_000
FEWEST_PLACES, MOST_PLACES = 2, 12
HALF = Fraction(1, 2)


def is_below(part: int, whole: int, *, limit_bp: int) -> bool:
    """Whether part ÷ whole is less than a limit in basis points; on the limit is not below.

    A whole of nobody is never below. Source: domain reference §7.1, vectors of §19.3.
    """
    return whole > 0 and part * BASIS_POINTS < limit_bp * whole


def share(part: int, whole: int) -> Fraction | None:
    """part ÷ whole, exactly; None of nobody."""
    return Fraction(part, whole) if whole else None


def percent(value: Fraction, *, places: int = FEWEST_PLACES) -> str:
    """A share in percent, rounded half up: 19 of 1,000 is "1.90 %"; at least one place."""
    scale = 10**places
    scaled = floor(value * 100 * scale + HALF)
    return f"{scaled // scale:,}.{scaled % scale:0{places}d} %"


def limit_percent(limit_bp: int) -> str:
    """A limit in basis points as percent: 200 is "2.00 %"."""
    return percent(Fraction(limit_bp, BASIS_POINTS))


def percent_beside(value: Fraction, *, limit_bp: int) -> str:
    """A share in percent, with as many places as tell it from a limit that it is not.

    1,999,999 of 100,000,000 is "1.999999 %" beside 2 %, not the 2.00 % of the rounding.
    """
    limit = Fraction(limit_bp, BASIS_POINTS)
    for places in range(FEWEST_PLACES, MOST_PLACES):
        text = percent(value, places=places)
        if value == limit or text != percent(limit, places=places):
            return text
    return percent(value, places=MOST_PLACES)
