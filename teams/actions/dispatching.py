"""Proposing somebody for a post in a village, sending it again, and carrying the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from officers.models import Officer
from officers.rights import require
from teams.actions.terms import AHEAD, Service, begin_term
from teams.models import Cadre, Candidacy
from teams.procedure import BEGIN, DISPATCH, DISPATCHED, PROPOSERS
from teams.queries.candidates import (
    COUNTY_DIGITS,
    arrival,
    check_faults,
    checks_for,
    differences,
    facts_of,
)
from teams.queries.clashes import SERVES_ELSEWHERE, clash_fault, clash_of
from teams.refusals import EntryRefused
from teams.rules.terms import Post
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.rules import digest
from trail.transactions import retried
from workflow.actions import amend, open_case, take_step
from workflow.models import Case, CaseEvent

RESTING_STEPS = frozenset({"check", "approve", "dispatch"})
"""The steps that rest on the record of the person."""


@dataclass(frozen=True)
class Wanted:
    """The post that somebody is proposed for."""

    village: str
    post: Post
    starts_on: date
    due_on: date


@retried
@transaction.atomic
def propose_candidate(cadre: int, wanted: Wanted, *, by: Officer) -> Case:
    """Open the case of a dispatch.

    Raises NotAllowed, also for oneself; EntryRefused with the faults by field; AlreadyOpen while
    the person is proposed somewhere.
    """
    require(by, *PROPOSERS, code=wanted.village)
    row = _locked(cadre, by, wanted)
    candidacy = Candidacy(cadre=row)
    facts = _judged(row, candidacy, wanted)
    candidacy.case = open_case(DISPATCH.kind, row.number, wanted.village, facts, by=by)
    candidacy.save(force_insert=True)
    return candidacy.case


@retried
@transaction.atomic
def send_again(case_id: int, wanted: Wanted, *, by: Officer, version: int) -> CaseEvent:
    """Send a returned candidate again, with the record as it is now. The village stays.

    Raises what proposing raises; Stale when the case moved since `version`.
    """
    candidacy = Candidacy.objects.get(case_id=case_id)
    require(by, *PROPOSERS, code=candidacy.village_id)
    row = _locked(candidacy.cadre_id, by, wanted)
    facts = _judged(row, candidacy, wanted)
    case = Case.everywhere.get(pk=case_id)
    if digest(facts) != case.facts_hash:
        event = amend(case_id, by=by, facts=facts, version=version, note=_("Corrected entries"))
        version = event.seq
    candidacy.save()
    return take_step(case_id, "resend", by=by, version=version)


def _locked(cadre: int, by: Officer, wanted: Wanted) -> Cadre:
    """The record, locked; one of the county of the village alone, and not one's own."""
    row = Cadre.everywhere.select_for_update(of=("self",)).select_related("unit").get(pk=cadre)
    refuse_oneself(row, by)
    if row.division_id != wanted.village[:COUNTY_DIGITS]:
        raise NotAllowed(
            _("Another county keeps the record of this person."), code="outside_posting"
        )
    return row


def refuse_oneself(cadre: Cadre, by: Officer) -> None:
    """NotAllowed when the officer would act on his own dispatch."""
    if cadre.account_id == by.pk:
        raise NotAllowed(_("This is about yourself. Another officer must do it."), code="oneself")


def _judged(cadre: Cadre, candidacy: Candidacy, wanted: Wanted) -> dict[str, Any]:
    """Fill the candidacy and give the facts of its case. Raises EntryRefused."""
    today = business_date()
    faults = []
    village = Division.objects.in_force(today).filter(pk=wanted.village, level=Level.VILLAGE)
    if not village.exists():
        faults.append(("village", _("choose a village that is in force.")))
    if wanted.starts_on < today:
        faults.append(("starts_on", _("this day lies in the past.")))
    elif wanted.starts_on > today + AHEAD:
        faults.append(("starts_on", _("Choose a first day within a year from today.")))
    if wanted.due_on <= wanted.starts_on:
        faults.append(("due_on", _("this day does not lie after the first day.")))
    if faults:
        raise EntryRefused(faults)
    checks = checks_for(cadre, wanted.village, wanted.post, wanted.starts_on)
    unmet = [("", _(one.text) % one.values) for one in check_faults(cadre, checks)]
    clash = clash_of(cadre.pk, wanted.village, wanted.post, wanted.starts_on)
    if clash and clash[0] == SERVES_ELSEWHERE:
        fault = clash_fault(*clash, within=wanted.village[:COUNTY_DIGITS])
        unmet.append((fault.field, _(fault.text) % fault.values))
    if unmet:
        raise EntryRefused(unmet)
    candidacy.village_id, candidacy.post = wanted.village, wanted.post
    candidacy.starts_on, candidacy.due_on = wanted.starts_on, wanted.due_on
    return {"state": BEGIN} | facts_of(cadre, candidacy, checks)


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
    """Take a step of a dispatch; the last one begins the term.

    Raises what `take_step` raises; Stale when the record of the person changed since the case was
    proposed; what `begin_term` raises; NotAllowed for one's own dispatch.
    """
    if step == "resend":
        raise Refused(
            _("Open the candidate, correct the entries and send it from there."), code="mend_first"
        )
    candidacy = Candidacy.objects.get(case_id=case_id)
    locked = Cadre.everywhere.select_for_update(of=("self",)).select_related("unit")
    cadre = locked.get(pk=candidacy.cadre_id)
    refuse_oneself(cadre, by)
    if step in RESTING_STEPS:
        _refuse_changed(Case.everywhere.get(pk=case_id), cadre)
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == DISPATCHED:
        service = Service(
            village=candidacy.village_id,
            post=Post(candidacy.post),
            starts_on=arrival(candidacy, business_date()),
            due_on=candidacy.due_on,
            unit=cadre.unit_id,
            letter=str(event.evidence["letter"]),
        )
        begin_term(cadre.pk, service, by=by, case=event.case)
    return event


def _refuse_changed(case: Case, cadre: Cadre) -> None:
    """Stale when the record is not as it was when the case was proposed or sent again."""
    if found := differences(case, cadre):
        text = (
            _("The record of the person changed after the approval. Withdraw and propose anew.")
            if case.state == "approved"
            else _("The record of the person changed. Return the case, so that it is sent again.")
        )
        raise Stale(text, code="facts_changed", details={"differences": found})
