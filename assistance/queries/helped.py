"""Whom help never reached, and what of it is unfinished: what an exit looks at."""

from collections.abc import Iterable

from django.db.models import F, Q

from assistance.models import Item
from assistance.models.plans import HELPED, ItemQuerySet

REACHED = Q(status__in=HELPED) | Q(delivered__gt=0)
"""Of which something was begun or delivered; what was stopped before that reached nobody."""

UNFINISHED = ~Q(delivered=F("planned")) | Q(planned=0)


def never_helped(households: Iterable[int]) -> set[int]:
    """Of these households, by key, those that no measure of their own ever reached.

    Works of the village serve everybody and count for none. One query, however many there are.
    """
    asked = set(households)
    found = Item.everywhere.filter(REACHED, household__in=asked)
    return asked - set(found.order_by().values_list("household", flat=True).distinct())


def unfinished(household: int) -> ItemQuerySet:
    """The live measures of a household of which something is still to come, by due day.

    A loan that is drawn only runs: nothing is to come of it.
    """
    return unfinished_of([household]).select_related("measure", "member").order_by("due_on", "pk")


def unfinished_of(households: Iterable[int]) -> ItemQuerySet:
    """The same of many households, in no order."""
    return Item.everywhere.live().filter(UNFINISHED, household__in=set(households)).order_by()
