"""Decisions of other systems: received from a machine, taken in and recorded by officers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.models import DecisionKind, ForeignDecision
from exchange.procedure import FOREIGN
from exchange.queries.decisions import WITHDRAWN, deciding_system
from exits.actions.opening import standard_of
from exits.actions.tracking import begin_tracking, end_tracking
from households.actions import change_state, lock_subject
from households.models import Household
from households.rules import ON_REGISTER, State
from households.snapshot import snapshot
from officers.models import Client, Officer
from officers.rights import require
from officers.rules import Role
from teams.actions.following import end_pairings
from trail.actions import record
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions import open_case, take_step
from workflow.models import Case, CaseEvent

FROM: Mapping[str, frozenset[State]] = {
    DecisionKind.IDENTIFICATION: frozenset({State.ORDINARY}),
    DecisionKind.EXIT: frozenset(ON_REGISTER),
    DecisionKind.REINCLUSION: frozenset({State.EXITED}),
    DecisionKind.REMOVAL: frozenset(ON_REGISTER),
}
"""The states that a household may have when such a decision is taken about it."""


@dataclass(frozen=True)
class Report:
    """A decision as another system reports it."""

    reference: str
    kind: str
    year: int
    decided_on: date
    foreign_case: str
    signers: list[dict[str, str]]
    evidence_hash: str
    note: str = ""


@retried
@transaction.atomic
def receive_decision(household: Household, report: Report, *, by: Officer) -> ForeignDecision:
    """Keep a reported decision until an officer takes it in; the same report again keeps nothing.

    Raises NotAllowed for anybody but a machine client; Refused when another system, or this one,
    decides in that county (`decides_elsewhere`), when something else was sent under the reference
    (`used_reference`), when the household's state has no such decision (`other_state`).
    """
    require(by, Role.MACHINE_CLIENT, code=household.village_id)
    client = Client.objects.select_for_update().get(pk=by.pk)
    known = ForeignDecision.everywhere.filter(client=client, reference=report.reference).first()
    if known is not None:
        return _the_same(known, household, report)
    if deciding_system(household.village_id, report.decided_on.year) != by.username:
        raise Refused(
            _("This county's decisions are not taken in your system. Ask the province."),
            code="decides_elsewhere",
        )
    _refuse_state(household, report.kind)
    decision = ForeignDecision(
        client=client, household=household, village_id=household.village_id, **_values(report)
    )
    decision.full_clean()
    decision.save(force_insert=True)
    record(
        by=by,
        action="receive_decision",
        subject=decision,
        division=household.village_id,
        after={"kind": report.kind, "reference": report.reference, "hash": report.evidence_hash},
    )
    return decision


@retried
@transaction.atomic
def take_in(decision: ForeignDecision, *, by: Officer) -> Case:
    """Open the case by which a reported decision is recorded.

    Raises NotAllowed for anybody but the county's clerk; Refused when it was taken in already or
    the household's state has no such decision any more; AlreadyOpen.
    """
    require(by, *FOREIGN.openers, code=decision.village_id)
    household = Household.everywhere.select_for_update().standing().get(pk=decision.household_id)
    decision = ForeignDecision.everywhere.select_for_update().get(pk=decision.pk)
    if decision.case is not None and decision.case.state != WITHDRAWN:
        raise Refused(_("This decision is taken in already."), code="taken_in")
    _refuse_state(household, decision.kind)
    facts = snapshot(household, year=decision.year, standard=standard_of(household, decision.year))
    facts |= {"foreign": described(decision)}
    case = open_case(FOREIGN.kind, household.number, household.village_id, facts, by=by)
    decision.case = case
    decision.save(update_fields=["case"])
    return case


@retried
@transaction.atomic
def advance(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step of a foreign decision; recorded, it does to the household what it says.

    Raises what `take_step` raises; Refused when the household's state has no such decision now.
    """
    household = lock_subject(case_id)
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == "recorded":
        decision = ForeignDecision.everywhere.get(case=event.case)
        _refuse_state(household, decision.kind)
        CARRY[decision.kind](household, decision, event.case, by)
    return event


def described(decision: ForeignDecision) -> dict[str, Any]:
    """The decision as the facts of its case keep it."""
    return {
        "decision": decision.kind,
        "system": decision.client.officer.name,
        "reference": decision.reference,
        "case": decision.foreign_case,
        "decided_on": decision.decided_on.isoformat(),
        "signers": decision.signers,
        "evidence_hash": decision.evidence_hash,
        "note": decision.note,
    }


def _identified(household: Household, decision: ForeignDecision, case: Case, by: Officer) -> None:
    change_state(household, State.POOR, case=case, by=by)


def _exited(household: Household, decision: ForeignDecision, case: Case, by: Officer) -> None:
    change_state(household, State.EXITED, case=case, by=by, exit_year=decision.year)
    begin_tracking(household, case=case, by=by)


def _included_again(
    household: Household, decision: ForeignDecision, case: Case, by: Officer
) -> None:
    change_state(household, State.RELAPSED, case=case, by=by, exit_year=household.exit_year)
    end_tracking(household, case=case, by=by)


def _removed(household: Household, decision: ForeignDecision, case: Case, by: Officer) -> None:
    change_state(household, State.CLEARED, case=case, by=by)
    end_pairings(household, by=by, origin=f"case:{case.pk}")


CARRY: Mapping[str, Callable[[Household, ForeignDecision, Case, Officer], None]] = {
    DecisionKind.IDENTIFICATION: _identified,
    DecisionKind.EXIT: _exited,
    DecisionKind.REINCLUSION: _included_again,
    DecisionKind.REMOVAL: _removed,
}


def _values(report: Report) -> dict[str, Any]:
    return {one.name: getattr(report, one.name) for one in fields(report)}


def _the_same(known: ForeignDecision, household: Household, report: Report) -> ForeignDecision:
    kept = {name: getattr(known, name) for name in _values(report)}
    if known.household_id != household.pk or kept != _values(report):
        raise Refused(
            _("Another decision was reported under this reference. Give each one of its own."),
            code="used_reference",
        )
    return known


def _refuse_state(household: Household, kind: str) -> None:
    if State(household.state) not in FROM[kind]:
        message = _("The household's state has no such decision: %(state)s.")
        raise Refused(message % {"state": household.get_state_display()}, code="other_state")
