"""The exits of a year: as they were decided, whatever became of the households since.

What another system decided and is recorded here counts too; what was revoked does not. Exits that
stand on record as loaded history alone are told apart.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from divisions.scope import in_range
from exits.models import Revocation
from exits.procedure import EXIT
from households.models import Household, StateChange
from households.rules import State
from identification.procedure import REINCLUSION

Row = tuple[str, int, int]
"""A village with its households and persons."""


@dataclass(frozen=True)
class Exited:
    """Households and persons that exited by a decision, and those that were loaded as exited."""

    decided: int = 0
    decided_persons: int = 0
    loaded: int = 0
    loaded_persons: int = 0

    @property
    def households(self) -> int:
        return self.decided + self.loaded

    @property
    def persons(self) -> int:
        return self.decided_persons + self.loaded_persons

    def __add__(self, other: "Exited") -> "Exited":
        return Exited(
            self.decided + other.decided,
            self.decided_persons + other.decided_persons,
            self.loaded + other.loaded,
            self.loaded_persons + other.loaded_persons,
        )


def exited_in(place: str, year: int) -> dict[str, Exited]:
    """The exits of a year in a place, by village; three queries.

    Those decided have year, village and persons of their decision.
    """
    found: dict[str, Exited] = {}
    for village, households, persons in _added(_decided(year), place):
        found[village] = found.get(village, Exited()) + Exited(households, persons)
    for loaded in (_added(_loaded_before(year), place), _still_loaded(place, year)):
        for village, households, persons in loaded:
            more = Exited(loaded=households, loaded_persons=persons)
            found[village] = found.get(village, Exited()) + more
    return found


def begun_in(place: str, year: int) -> dict[str, datetime]:
    """When the first exit of a year was decided in each village of a place that has any."""
    told = _decided(year).annotate(village=KeyTextTransform("village", "case__facts"))
    inside = told.filter(in_range("village", place)).order_by()
    return dict(inside.values_list("village").annotate(Min("at")))


def _decided(year: int) -> QuerySet[StateChange]:
    """An exit begins on the register; other ways into the state follow from an earlier one.

    Facts of a year are not decided on before it.
    """
    revoked = Revocation.objects.filter(exit=OuterRef("case"), case__state="revoked")
    found = StateChange.objects.filter(
        ~Exists(revoked),
        from_state__in=EXIT.starts,
        to_state=State.EXITED,
        on__gte=date(year, 1, 1),
        case__facts__year=year,
    )
    return found.exclude(case__kind=REINCLUSION.kind)


def _loaded_before(year: int) -> QuerySet[StateChange]:
    """The first decision about a household that was loaded with an exit of the year."""
    earlier = StateChange.objects.filter(household=OuterRef("household"), pk__lt=OuterRef("pk"))
    return StateChange.objects.filter(
        ~Exists(earlier),
        from_state__in=(State.EXITED, State.RELAPSED),
        case__facts__exit_year=year,
        household__withdrawn_at=None,
    )


def _added(changes: QuerySet[StateChange], place: str) -> list[Row]:
    """Households and persons by village, from the facts of the cases behind."""
    told = changes.annotate(village=KeyTextTransform("village", "case__facts"))
    inside = told.filter(in_range("village", place)).order_by().values_list("village")
    persons = Sum(Cast(KeyTextTransform("persons", "case__facts"), IntegerField()))
    return list(inside.annotate(Count("pk"), persons=persons))


def _still_loaded(place: str, year: int) -> list[Row]:
    """Households that nothing was decided about since, where they live now."""
    standing = Household.everywhere.standing().filter(
        in_range("village_id", place), state_loaded=True, exit_year=year
    )
    people = Count("members", filter=Q(members__end_date=None))
    counted = standing.order_by().values_list("village")
    return list(counted.annotate(Count("pk", distinct=True), people=people))
