"""The exit by which a household left the register, and who signed it."""

from collections.abc import Iterable
from dataclasses import dataclass

from exits.procedure import EXIT
from households.models import Household
from households.models.households import StateChange
from households.rules import State
from workflow.models import Case, CaseEvent

SIGNED = frozenset({
    "plan", "appraise", "verify", "confirm", "refuse", "answer", "check", "doubt", "approve_first",
    "approve",
})  # fmt: skip
"""The steps of an exit that somebody answers for."""


@dataclass(frozen=True)
class Signed:
    """An exit that was approved: its case, and the acts that somebody answers for, in order."""

    case: Case
    acts: list[CaseEvent]

    @property
    def year(self) -> int:
        return self.case.facts["year"]


def exit_behind(household: Household) -> Case | None:
    """The case by which the household last became exited; None for loaded history."""
    changes = StateChange.objects.filter(household=household, to_state=State.EXITED)
    last = changes.filter(case__kind=EXIT.kind).select_related("case").order_by("-id").first()
    return last.case if last else None


def exit_before(case: Case) -> Signed | None:
    """The exit that came before a case about the same household; None for loaded history."""
    changes = StateChange.objects.filter(
        household__number=case.subject,
        household__withdrawn_at=None,
        to_state=State.EXITED,
        case__kind=EXIT.kind,
        at__lt=case.opened_at,
    )
    last = changes.select_related("case").order_by("-id").first()
    return signed_of([last.case])[0] if last else None


def signed_of(cases: Iterable[Case]) -> list[Signed]:
    """These exits with their acts, in one query."""
    found = list(cases)
    acts: dict[int, list[CaseEvent]] = {}
    events = CaseEvent.objects.filter(case__in=found, step__in=SIGNED).defer("facts")
    for event in events.order_by("case_id", "seq"):
        acts.setdefault(event.case_id, []).append(event)
    return [Signed(case, acts.get(case.pk, [])) for case in found]
