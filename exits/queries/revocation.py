"""Which exit a revocation is about, and who had a hand in it."""

from collections.abc import Sequence

from exits.models import Revocation
from workflow.machine import Hand, Records
from workflow.models import Case, CaseEvent

APPROVALS = ("approve", "approve_first")
APPROVED = "approve_exit"
"""The name under which the steps of a revocation exclude who approved the exit."""


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """Who approved the exit that each revocation is about: they judge none of it first."""
    exits = dict(Revocation.objects.filter(case__in=cases).values_list("case", "exit"))
    events = CaseEvent.objects.filter(case__in=exits.values(), step__in=APPROVALS)
    hands: dict[int, list[Hand]] = {}
    for key, officer, state, on in events.values_list("case", "actor_id", "to_state", "on"):
        hands.setdefault(key, []).append(Hand(officer, APPROVED, state, on))
    return {case.pk: Records(hands=tuple(hands.get(exits.get(case.pk, 0), ()))) for case in cases}
