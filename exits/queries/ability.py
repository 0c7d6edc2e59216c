"""Who of a household is ill and who can work, where its province asks that of an exit."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q

from divisions.models import DIGITS, Level
from exits.rules.household import Ability
from households.models import Member
from workflow.parameters import EXIT_NOBODY_WORKS
from workflow.queries import parameter

PROVINCE_DIGITS = DIGITS[Level.PROVINCE]
MAY_NOT_EXIT = "may_not_exit"
SEVERE = ("03", "04")
"""Codes of health: serious illness, disabled."""

ABLE = ("01", "02", "05")
"""Codes of labour: ordinary, skilled, weak or half."""


class Leaving(NamedTuple):
    """A household by its key, where it lives, and the year of the facts that its exit rests on."""

    household: int
    village: str
    year: int


def abilities_of(leaving: Iterable[Leaving]) -> dict[int, Ability]:
    """Of the households whose province asks for that year, by key, as they are now.

    A query for each province and year, and one more for all the households of those that ask.
    """
    places: dict[tuple[str, int], list[int]] = {}
    for household, village, year in leaving:
        places.setdefault((village[:PROVINCE_DIGITS], year), []).append(household)
    asked = [
        household
        for (province, year), own in places.items()
        if parameter(EXIT_NOBODY_WORKS, province, year) == MAY_NOT_EXIT
        for household in own
    ]
    if not asked:
        return {}
    members = Member.objects.active().filter(household__in=asked).order_by()
    counted = members.values_list("household").annotate(
        ill=Count("pk", filter=Q(health__in=SEVERE)), able=Count("pk", filter=Q(labour__in=ABLE))
    )
    return {key: Ability(ill, able) for key, ill, able in counted}
