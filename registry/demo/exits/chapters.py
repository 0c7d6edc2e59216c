"""What the story tells of exits, in the order of time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from exits.procedure import EXIT
from households.models import VillageRecord
from officers.models import Officer
from registry.demo.exits import places, returning
from registry.demo.exits.hands import Hands, join_hands
from registry.demo.exits.past import leave_before, leave_this_year
from registry.demo.exits.planning import plan_exits
from registry.demo.exits.villages import (
    Village,
    list_poor,
    records_of,
    villages_of,
    write_records,
)
from workflow.actions import weigh
from workflow.models import Case


@dataclass(frozen=True)
class Exits:
    """Who acts, how each village stands, and the years surveyed."""

    hands: Hands
    villages: Sequence[Village]
    years: Sequence[int]
    seed: int

    @property
    def last(self) -> int:
        """The last of the years."""
        return self.years[-1]

    @transaction.atomic
    def remember(self) -> None:
        """The years before the story begins: who left by which case, what was recorded and planned.

        Nothing of it needs the business date. What villages record in the last year comes later: an
        exit rests on the latest figures.
        """
        leave_before(self.years, self.hands, seed=self.seed)
        write_records(one for one in self._records() if one.year < self.last)
        list_poor(self.villages, self.hands)
        plan_exits(self.villages, self.years, self.hands, seed=self.seed)

    @transaction.atomic
    def before_the_last_review(self) -> None:
        """The autumn of the year before the last one."""
        places.ask_more(self.last, self.hands)
        places.leave_villages(self.villages, self.last - 1, self.hands)

    @transaction.atomic
    def in_the_last_year(self) -> None:
        """From January of the last year to its December, before the review."""
        places.leave_county(self.last, self.hands)
        write_records(one for one in self._records() if one.year == self.last)
        returning.revoke(self.last, self.hands)
        returning.remove(self.last, self.hands)
        returning.come_back(self.last, self.hands)
        places.verify_county(self.last, self.hands)
        leave_this_year(self.last, self.hands, seed=self.seed)
        places.ask_for_next_year(self.last, self.hands)
        places.await_villages(self.villages, self.last, self.hands)
        returning.doubt(self.last, self.hands)
        returning.ask_to_remove(self.last, self.hands)

    def _records(self) -> list[VillageRecord]:
        known = sorted({*self.years, self.last - 1})
        return records_of(self.villages, known, self.hands, seed=self.seed)


def exits_of(years: Sequence[int], *, by: Officer, seed: int) -> Exits:
    """The exits of a story; officers that are missing are appointed by `by`."""
    hands = join_hands(by=by)
    return Exits(hands, villages_of(hands, years[-1], seed=seed), list(years), seed)


def weigh_anew() -> None:
    """Order the exits that wait for a decision by what is known now that help was given."""
    waiting = Case.everywhere.open().filter(kind=EXIT.kind)
    Case.everywhere.bulk_update(weigh(waiting), ["risk"])
