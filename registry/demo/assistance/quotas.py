"""Which households ever got what, so that the shares are those of the census.

Source: domain reference §10.1 (households of national poor counties that ever received it).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from assistance.rules.posts import age_on
from registry.demo.accounts import VILLAGE
from registry.demo.assistance.homes import Home

INDUSTRY, EMPLOYMENT, CREDIT, POST, HEALTH = 0.989, 0.938, 0.370, 0.276, 0.996
OLDEST_BORROWER, OLDEST_WORKER = 65, 69
TOO_OLD_AGES, TOO_OLD = range(70, 76), 2
"""Posts that nobody took away at seventy: for the search of what is not entitled."""

WAITING = 10
"""So many households of the demo accounts' village have no plan of this year yet: see `cases`."""


def waiting_of(homes: Sequence[Home]) -> set[int]:
    """The first households of the demo accounts' village, whose plans of this year wait."""
    return {home.pk for home in [one for one in homes if one.village == VILLAGE][:WAITING]}


@dataclass(frozen=True)
class Quotas:
    """Keys of the households that ever get help of each category; `nothing` gets none at all."""

    nothing: frozenset[int]
    industry: frozenset[int]
    employment: frozenset[int]
    credit: frozenset[int]
    post: frozenset[int]
    too_old: frozenset[int]


def draw_quotas(
    random: Random,
    homes: Sequence[Home],
    today: date,
    *,
    waiting: Collection[int],
    signed: Collection[int],
) -> Quotas:
    """Shares of all `homes`; whose plan of this year waits gets neither credit nor post.

    Of `signed` somebody signed that help lifted them: they got some.
    """
    number = len(homes)
    settled = [one for one in homes if one.pk not in waiting]
    loaded = [one for one in settled if not one.is_on_register and one.pk not in signed]
    nothing = _some(random, loaded, number, 1 - HEALTH)
    helped = [one for one in homes if one.pk not in nothing]
    without = {
        one.pk for one in random.sample(helped, round(number * (1 - INDUSTRY)) - len(nothing))
    }
    young = sorted(helped, key=lambda one: _youngest(one, today))
    old = [
        one for one in settled if _ages(one, today) & set(TOO_OLD_AGES) and one.pk not in nothing
    ]
    too_old = {one.pk for one in old[:TOO_OLD]}
    fit = [one for one in settled if one.pk not in nothing]
    borrowers = [one for one in fit if _has(one, today, OLDEST_BORROWER) and not one.is_hardship]
    posts = [one for one in fit if _has(one, today, OLDEST_WORKER) and one.pk not in too_old]
    return Quotas(
        nothing=frozenset(nothing),
        industry=frozenset(one.pk for one in helped if one.pk not in without),
        employment=frozenset(
            one.pk for one in young[: round(number * EMPLOYMENT)] if one.youngest_adult(today)
        ),
        credit=frozenset(_some(random, borrowers, number, CREDIT)),
        post=frozenset(_some(random, posts, number, POST) | too_old),
        too_old=frozenset(too_old),
    )


def _some(random: Random, among: Sequence[Home], number: int, share: float) -> set[int]:
    return {one.pk for one in random.sample(among, min(round(number * share), len(among)))}


def _has(home: Home, today: date, most: int) -> bool:
    return any(one.can_work(today, most=most) for one in home.people)


def _ages(home: Home, today: date) -> set[int]:
    return {age_on(one.born, today) for one in home.people}


def _youngest(home: Home, today: date) -> tuple[int, str]:
    """By the age of whoever could be helped into work, the number where two are even."""
    person = home.youngest_adult(today)
    return (age_on(person.born, today) if person else 999, home.number)
