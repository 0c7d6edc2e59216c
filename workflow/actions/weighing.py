"""Keeping the risk of cases where it orders the inbox: on the row of each."""

from collections.abc import Iterable

from workflow.models import Case
from workflow.procedures import machine_of
from workflow.queries import weighed


def weigh(cases: Iterable[Case]) -> list[Case]:
    """Set the risk of the cases that wait for a decision; those whose risk changed, unsaved."""
    waiting = [case for case in cases if machine_of(case.kind).decides_next(case.state)]
    changed = []
    for case, found in weighed(waiting):
        if case.risk != found.risk:
            case.risk = found.risk
            changed.append(case)
    return changed


def weigh_again(case: Case) -> None:
    """Set and save the risk of a locked case about which something was put on record."""
    if weigh([case]):
        case.save(update_fields=["risk"])
