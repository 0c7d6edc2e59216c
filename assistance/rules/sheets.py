"""A plan as the rules see it: what is wished for, what is agreed, in whose place what comes.

What comes in the place of another, in the same plan or carried on from an earlier one, is one
measure with it: a chain. What was delivered of any of its links counts; it claims once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from assistance.rules.measures import Terms
from workflow.machine import Fault


class Verdict(StrEnum):
    """Whether somebody meets the conditions of a measure; UNKNOWN where the facts are missing."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Wish:
    """A measure that is to be agreed. `key` tells it from the others, `name` is for sentences.

    `terms` are those of the catalogue of the plan's year, None when it is not offered there;
    `person` is the member that it is for. `replaces` is the key of the agreed one in whose place
    it comes. `lacks_funds` tells that it costs something and nobody said who pays.
    """

    key: int
    name: str
    code: str
    terms: Terms | None
    planned: Decimal
    starts_on: date
    due_on: date
    person: int | None = None
    has_left: bool = False
    verdict: Verdict = Verdict.MET
    confirmed: bool = False
    replaces: int | None = None
    lacks_funds: bool = False


@dataclass(frozen=True)
class Given:
    """A measure that was agreed. `amount` is what it counts under a cap: planned while it is live,
    delivered once it ended. `was_given` tells that something of it reached somebody or still will;
    `for_good` that it comes once in a life, so that its group is shut from then on.

    `replaces` is the key of the one in whose place it came. `owed` of its loan, and `post_until`
    where a post of it runs on, keep it from being replaced now."""

    key: int
    name: str
    code: str
    group: str
    year: int
    amount: Decimal
    person: int | None = None
    is_live: bool = True
    was_given: bool = True
    for_good: bool = False
    delivered: Decimal = Decimal()
    has_begun: bool = False
    replaces: int | None = None
    owed: Decimal = Decimal()
    post_until: date | None = None

    @property
    def owing(self) -> Decimal:
        """What it counts under a cap on what is owed: a loan that is repaid counts no more."""
        return self.owed or (self.amount if self.is_live else Decimal())

    def given_way(self) -> "Given":
        """The same once another came in its place: what was delivered of it counts on."""
        return replace(self, amount=self.delivered, is_live=False, was_given=self.has_begun)


@dataclass(frozen=True)
class Sheet:
    """A plan as it is to be judged; `given` are all agreed measures of its subject, of any year."""

    year: int
    has_goal: bool
    wishes: Sequence[Wish]
    given: Sequence[Given] = ()
    has_helper: bool = True

    def counted(self) -> list[Given]:
        """What is agreed, as it counts once the wishes are."""
        replaced = {wish.replaces for wish in self.wishes}
        return [one.given_way() if one.key in replaced else one for one in self.given]

    def chain(self, wish: Wish) -> list[Given]:
        """In whose place a wish comes, the last one first: with it they are one measure."""
        by_key = {one.key: one for one in self.given}
        found: list[Given] = []
        key = wish.replaces
        while key is not None and key in by_key:
            found.append(by_key.pop(key))
            key = found[-1].replaces
        return found


@dataclass(frozen=True)
class PlanFault:
    """What stands against a plan: at which measure (None for the plan), in which field, and why."""

    item: int | None
    field: str
    text: str
    values: dict[str, Any]

    def at_case(self) -> Fault:
        """The same for the procedure, whose steps have none of these fields."""
        return Fault(self.text, self.values)
