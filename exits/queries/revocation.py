"""Which exit a revocation is about, who had a hand in it, and whom it carries beside its own."""

from collections.abc import Sequence

from django.db.models import QuerySet

from exits.models import Revocation
from exits.procedure import REVOCATION
from exits.queries.signed import NEVER, SIGNED, Point, exits_before
from households.models import Household
from households.queries import visible_households
from households.rules import State
from officers.models import Officer
from workflow.machine import Hand, Records
from workflow.models import Case, CaseEvent

APPROVALS = frozenset({"approve", "approve_first"})
APPROVED, SIGNED_BEFORE = "approve_exit", "sign_exit"
"""The names under which the steps of a revocation exclude who approved the exit, and who else
answers for a step of it.
"""


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """Who signed the exit that each revocation is about: none of them checks it, and who approved
    it judges none of it first.
    """
    exits = dict(Revocation.objects.filter(case__in=cases).values_list("case", "exit"))
    events = CaseEvent.objects.filter(case__in=exits.values(), step__in=SIGNED)
    columns = ("case", "actor_id", "step", "to_state", "on")
    hands: dict[int, list[Hand]] = {}
    for key, officer, step, state, on in events.values_list(*columns):
        name = APPROVED if step in APPROVALS else SIGNED_BEFORE
        hands.setdefault(key, []).append(Hand(officer, name, state, on))
    return {case.pk: Records(hands=tuple(hands.get(exits.get(case.pk, 0), ()))) for case in cases}


def standing_on(exit_case: Case) -> list[int]:
    """The households, by key, that split off since an exit, also from one that did, and are exited
    by it alone.
    """
    root = Household.everywhere.standing().filter(number=exit_case.subject)
    edge, found = list(root.values_list("pk", flat=True)), list[int]()
    while edge:
        fresh = Household.everywhere.standing().filter(split_from__in=edge)
        edge = list(fresh.order_by("pk").values_list("pk", flat=True))
        found += edge
    exited = Household.everywhere.filter(pk__in=found, state=State.EXITED).order_by("pk")
    keys = list(exited.values_list("pk", flat=True))
    exits = exits_before({key: Point(key, NEVER) for key in keys})
    return [key for key in keys if exits.get(key) == exit_case]


def carried_with(officer: Officer, case: Case) -> QuerySet[Household]:
    """The households within the posting that a revocation takes back with its own, or took."""
    found = visible_households(officer).order_by("number")
    if case.kind != REVOCATION.kind:
        return found.none()
    if case.closed_at is None:
        revoked = Revocation.objects.select_related("exit").get(case=case).exit
        return found.filter(pk__in=standing_on(revoked))
    carried = found.filter(state_changes__case=case).exclude(number=case.subject)
    return carried.distinct()
