"""The sponsoring units as a list, and who keeps them."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from officers.models import Officer
from teams.models import Term, Unit
from teams.rights import UNIT_KEEPERS
from trail.dates import business_date

ROWS = 50


@dataclass(frozen=True)
class Wanted:
    """Which units to list; empty words leave the list as it is."""

    term: str = ""
    level: str = ""
    kind: str = ""
    ended: str = ""


def units(officer: Officer, wanted: Wanted) -> QuerySet[Unit]:
    """The units that the officer sees, by name; those that send nobody only where they are asked.

    The counterpart counts among what a search finds.
    """
    found = Unit.objects.visible_to(officer).select_related("division", "counterpart")
    found = found.exclude(ended_on=None) if wanted.ended else found.standing()
    if wanted.level:
        found = found.filter(level=wanted.level)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if term := wanted.term.strip():
        found = found.filter(name__icontains=term) | found.filter(
            counterpart__name__startswith=term
        )
    return found.order_by("name", "pk")


def serving_from(units: list[Unit]) -> dict[int, int]:
    """How many people of these units serve in villages today, by key."""
    found = Term.everywhere.in_force(business_date()).filter(unit__in=units).order_by()
    return dict(found.values_list("unit").annotate(count=Count("pk")))


def keeps(officer: Officer, unit: Unit) -> bool:
    """Whether the officer keeps the record of the unit."""
    return officer.acting_role in UNIT_KEEPERS and officer.acting_division == unit.division_id
