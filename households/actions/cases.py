"""Changing a household by a case: its state, and the facts that the case rests on."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.models import Household, Member, Standard, StateChange
from households.models.members import HEAD
from households.rules import State
from households.snapshot import described_changes, snapshot
from officers.models import Officer
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.models import Change
from trail.transactions import retried
from workflow.actions import Line, amend
from workflow.models import Case, CaseEvent

OTHER_COLUMNS = {column.name for column in Household._meta.fields} - {"state", "exit_year"}

OPENING = ("state", "exit_year")


def lock_subject(case_id: int) -> Household:
    """The household of a case, locked: first of the locks that a step of the case takes."""
    number = Case.everywhere.values_list("subject", flat=True).get(pk=case_id)
    return Household.everywhere.select_for_update().standing().get(number=number)


def notice_line(household: Household) -> Line:
    """What a public notice shows of the household, as things stand."""
    members = Member.objects.active().filter(household=household)
    people = list(members.values_list("relation", "name"))
    head = next((name for relation, name in people if relation == HEAD), "")
    return Line(group=household.group, householder=head, people=len(people))


def current_facts(case: Case, household: Household) -> dict[str, Any]:
    """The facts of the case's year and standard as they stand now."""
    standard = Standard.objects.get(pk=case.facts["standard"]["id"])
    return snapshot(household, year=case.facts["year"], standard=standard)


def refuse_changed(case: Case, household: Household, *, expected: dict[str, Any]) -> None:
    """Stale, with the differences, when the household's facts are not `expected` any more."""
    now = current_facts(case, household)
    then = {name: value for name, value in expected.items() if name in now}
    if then == {name: now[name] for name in then}:
        return
    message = _(
        "The facts of the household changed after they were put into this case."
        " Take over the new facts, then decide."
    )
    raise Stale(
        message,
        code="facts_changed",
        details={"differences": described_changes(then, now)},
    )


@transaction.atomic
def change_state(
    household: Household,
    state: State,
    *,
    case: Case,
    by: Officer,
    exit_year: int | None = None,
) -> StateChange:
    """Move a locked household to `state` as the consequence of a step of `case`.

    `exit_year` goes with the states exited and relapsed alone (the database refuses it elsewhere).
    """
    change = StateChange.objects.create(
        household=household,
        from_state=household.state,
        to_state=state,
        on=business_date(),
        case=case,
        standard_id=case.facts.get("standard", {}).get("id"),
    )
    before = {"state": household.state, "exit_year": household.exit_year}
    household.state, household.exit_year = state, exit_year
    household.state_loaded = False
    household.version += 1
    household.updated_at = timezone.now()
    household.full_clean(exclude=OTHER_COLUMNS, validate_unique=False)
    household.save(update_fields=["state", "exit_year", "state_loaded", "version", "updated_at"])
    record(
        by=by,
        action="change_state",
        subject=household,
        division=household.village_id,
        before=before,
        after={"state": int(state), "exit_year": exit_year},
        origin=f"case:{case.pk}",
    )
    return change


def before_case(case: Case) -> dict[str, Any]:
    """State and exit year that the household of a case had before its first change by that case."""
    changes = Change.objects.filter(origin=f"case:{case.pk}", action="change_state")
    before = changes.order_by("id").values_list("before", flat=True).first()
    if before is None:
        raise LookupError(f"case {case.pk} changed no household")
    return before


@retried
@transaction.atomic
def take_over_facts(case_id: int, *, by: Officer, version: int, note: str) -> CaseEvent:
    """Replace the facts of an open case by those that stand now; the officer cannot decide on it.

    State and exit year stay those of the opening: the case itself may have moved them. What else
    stands in the facts, such as the proposal behind the case, stays. Raises what
    `workflow.actions.amend` raises, and Refused for a case that judges no household.
    """
    if "standard" not in Case.everywhere.get(pk=case_id).facts:
        raise Refused(
            _("This case brings facts of its own. Withdraw it and propose another one."),
            code="own_facts",
        )
    household = lock_subject(case_id)
    case = Case.everywhere.get(pk=case_id)
    opening = {name: case.facts[name] for name in OPENING if name in case.facts}
    facts = case.facts | current_facts(case, household) | opening
    return amend(case_id, by=by, facts=facts, version=version, note=note)
