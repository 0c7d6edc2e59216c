"""Opening and carrying a case: its steps, and what they do to the household."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from divisions.models import Division
from households.actions import (
    before_case,
    change_state,
    lock_subject,
    notice_line,
    refuse_changed,
)
from households.entry.fields import FIELDS
from households.models import Household, Standard
from households.rules import State
from households.snapshot import snapshot
from identification.models import Application
from identification.procedure import IDENTIFICATION, REINCLUSION, VILLAGE
from officers.models import Officer
from officers.rights import require
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions import open_case, take_step, weigh_again
from workflow.errors import Incomplete
from workflow.models import Case, CaseEvent
from workflow.parameters import HELPER_DAYS, PLAN_DAYS
from workflow.queries import parameter

TOWNSHIP_DIGITS, COUNTY_DIGITS = 9, 6
CHECKS = {"review": TOWNSHIP_DIGITS, "recheck": COUNTY_DIGITS}
RESTS_ON_FACTS = frozenset({"review", "recheck", "approve"})
KIND_BY_STATE = {
    state: machine.kind for machine in (IDENTIFICATION, REINCLUSION) for state in machine.starts
}
REMARKED = frozenset(f"{field.step}.{field.name}" for field in FIELDS)


@retried
@transaction.atomic
def apply(
    household: Household,
    *,
    by: Officer,
    year: int,
    applied_on: date,
    applicant: str,
    statement: str,
    kin_of_official: bool,
) -> Case:
    """Open the case of a household that applies, with its application, on its facts of `year`.

    An ordinary household is to be identified, an exited one to come back. Raises NotAllowed for
    anybody but the village; Refused for another state or a year without standard; AlreadyOpen;
    Incomplete for an impossible day or applicant.
    """
    require(by, *VILLAGE, code=household.village_id)
    found = Household.everywhere.select_for_update().standing().get(pk=household.pk)
    facts = snapshot(found, year=year, standard=_standard_of(found, year))
    case = open_case(_kind_of(found), found.number, found.village_id, facts, by=by)
    evidence = {
        "applied_on": applied_on,
        "applicant": applicant,
        "statement": statement,
        "kin_of_official": "yes" if kin_of_official else "no",
    }
    advance(case.pk, "apply", by=by, version=case.version, evidence=evidence)
    case.refresh_from_db()
    return case


def _kind_of(household: Household) -> str:
    kind = KIND_BY_STATE.get(State(household.state))
    if kind is None:
        raise Refused(
            _("This household is on the register. Only others can apply."), code="wrong_state"
        )
    return kind


def _standard_of(household: Household, year: int) -> Standard:
    """The province's own standard of the year, or else the nation's."""
    held = Standard.objects.holding(household.village_id, year).order_by("-division_id").first()
    if held is None:
        raise Refused(_("No standard is published for that year."), code="no_standard")
    return held


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
    """Take a step of an identification or re-inclusion case.

    Approval makes the household poor, or relapsed (it keeps the year of its exit); taken back, it
    is what it was. Raises what `take_step` raises, and Stale when a review or decision would rest
    on facts that changed since.
    """
    _lock_year(case_id, step)
    _refuse_unknown_fields(evidence or {})
    household = lock_subject(case_id)
    event = take_step(
        case_id,
        step,
        by=by,
        version=version,
        note=note,
        evidence=evidence,
        line=notice_line(household),
    )
    case = event.case
    if event.step in RESTS_ON_FACTS or (event.decides and event.from_state != "announced"):
        refuse_changed(case, household, expected=case.facts)
    _follow(event, case, household, by)
    return event


def _follow(event: CaseEvent, case: Case, household: Household, by: Officer) -> None:
    """What a step brings with it for the household and its application."""
    if event.step == "apply":
        _note_application(case, event.evidence)
    elif event.to_state == "approved":
        state = State.RELAPSED if case.kind == REINCLUSION.kind else State.POOR
        change_state(household, state, case=case, by=by, exit_year=household.exit_year)
    elif event.from_state == "announced" and event.step != "register":
        before = before_case(case)
        state = State(before["state"])
        change_state(household, state, case=case, by=by, exit_year=before["exit_year"])
    elif event.step == "register":
        _register(case)


def _lock_year(case_id: int, step: str) -> None:
    """Hold the township or county whose share of checks the step counts, before all other locks."""
    if digits := CHECKS.get(step):
        village = Case.everywhere.values_list("division_id", flat=True).get(pk=case_id)
        Division.objects.select_for_update(no_key=True).get(pk=village[:digits])


def _refuse_unknown_fields(evidence: Mapping[str, Any]) -> None:
    """Incomplete for a remark at a field that no form has."""
    remarks = evidence.get("remarks") or {}
    if isinstance(remarks, Mapping) and set(remarks) - REMARKED:
        text = _("Choose one of the list.")
        raise Incomplete(text, details={"fields": {"remarks": text}})


def _note_application(case: Case, said: Mapping[str, Any]) -> None:
    Application.objects.create(
        case=case,
        applied_on=said["applied_on"],
        applicant=said["applicant"],
        statement=said.get("statement") or "",
        kin_of_official=said["kin_of_official"] == "yes",
    )
    weigh_again(case)


def _register(case: Case) -> None:
    """Give the case its number: village, year and a serial; helper and plan are due from today."""
    today = business_date()
    Division.objects.select_for_update(no_key=True).get(pk=case.division_id)
    prefix = f"{case.division_id}-{today.year}-"
    last = (
        Application.objects.filter(registration_number__startswith=prefix)
        .order_by("-registration_number")
        .values_list("registration_number", flat=True)
        .first()
    )
    serial = int(last.removeprefix(prefix)) + 1 if last else 1
    Application.objects.filter(case=case).update(
        registration_number=f"{prefix}{serial:04d}",
        helper_due_on=today + timedelta(days=parameter(HELPER_DAYS, case.division_id, today.year)),
        plan_due_on=today + timedelta(days=parameter(PLAN_DAYS, case.division_id, today.year)),
    )
