"""The exit by which a household left the register, and who signed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Min, Q

from exits.procedure import EXIT
from households.changing.procedure import CHANGE
from households.models import Household
from households.models.households import StateChange
from households.rules import State
from identification.procedure import REINCLUSION
from workflow.models import Case, CaseEvent

SIGNED = frozenset({
    "plan", "appraise", "verify", "confirm", "refuse", "answer", "check", "doubt", "approve_first",
    "approve",
})  # fmt: skip
"""The steps of an exit that somebody answers for."""

NEVER = 2**63 - 1
"""Behind every change of state that is on record."""


class Point(NamedTuple):
    """A moment in the life of a household: before the change of state of this key."""

    household: int
    before: int


@dataclass(frozen=True)
class Signed:
    """An exit that was approved: its case, and the acts that somebody answers for, in order.

    One that another system decided was signed there: `signers` have name, office and day.
    """

    case: Case
    acts: list[CaseEvent]

    @property
    def year(self) -> int:
        return self.case.facts["year"]

    @property
    def signers(self) -> list[dict[str, Any]]:
        return self.case.facts.get("foreign", {}).get("signers", [])


def exit_behind(household: Household) -> Case | None:
    """The case here by which a household is exited; None where that was decided elsewhere.

    A household that split off exited by no case of its own.
    """
    case = exits_before({0: Point(household.pk, NEVER)}).get(0)
    own = case and case.kind == EXIT.kind and case.subject == household.number
    return case if own else None


def exit_before(case: Case) -> Signed | None:
    """The exit that came before a case about the same household; None for loaded history."""
    later = Min("state_changes__pk", filter=Q(state_changes__at__gte=case.opened_at))
    subject = Household.everywhere.standing().filter(number=case.subject).annotate(later=later)
    points = {
        key: Point(key, before or NEVER) for key, before in subject.values_list("pk", "later")
    }
    found = exits_before(points)
    return signed_of(found.values())[0] if found else None


def exits_before(points: Mapping[int, Point]) -> dict[int, Case]:
    """The exit by which each household was exited then, by the key of its point.

    That of a household that split off is the exit of the one it came from. A re-inclusion that was
    taken back is no exit: what stood before it stands again.
    """
    found: dict[int, Case] = {}
    asked = dict(points)
    while asked:
        last = _last_exits(asked)
        asked = {}
        for key, change in last.items():
            if change.case.kind != CHANGE.kind:
                found[key] = change.case
            elif origin := getattr(change, "origin", None):
                asked[key] = Point(origin, change.pk)
    return found


def _last_exits(points: Mapping[int, Point]) -> dict[int, StateChange]:
    households = {point.household for point in points.values()}
    changes = StateChange.objects.filter(household__in=households, to_state=State.EXITED)
    by_household: dict[int, list[StateChange]] = {}
    kept = changes.exclude(case__kind=REINCLUSION.kind).select_related("case")
    for change in kept.annotate(origin=F("household__split_from")).order_by("-pk"):
        by_household.setdefault(change.household_id, []).append(change)
    last = {
        key: next((one for one in by_household.get(house, ()) if one.pk < before), None)
        for key, (house, before) in points.items()
    }
    return {key: change for key, change in last.items() if change is not None}


def signed_of(cases: Iterable[Case]) -> list[Signed]:
    """These exits with their acts, in one query."""
    found = list(cases)
    acts: dict[int, list[CaseEvent]] = {}
    events = CaseEvent.objects.filter(case__in=found, step__in=SIGNED).defer("facts")
    for event in events.order_by("case_id", "seq"):
        acts.setdefault(event.case_id, []).append(event)
    return [Signed(case, acts.get(case.pk, [])) for case in found]
