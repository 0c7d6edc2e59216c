"""Proposing a change of a household, sending it again, and carrying its case."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from divisions.models import Division, Level
from households.changing.applying import apply_change
from households.changing.content import sealed, wanted_of
from households.changing.judging import Wanted, judge
from households.changing.kinds import JOIN, needs_county
from households.changing.people import joining, people_of
from households.changing.procedure import APPROVED, CHANGE, PROPOSERS
from households.entry import fields
from households.entry.judged import Judged
from households.models import Household, HouseholdChange
from households.rules import State
from officers.models import Officer
from officers.rights import require
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.rules import digest
from trail.transactions import retried
from workflow.actions import amend, open_case, take_step
from workflow.models import Case, CaseEvent

COUNTY_DIGITS = 6


class ChangeRefused(Refused):
    """What was entered cannot be; `faults` are (field, sentence), "" for the whole change."""

    status = 400
    code = "change_refused"

    def __init__(self, faults: list[tuple[str, str]]):
        super().__init__(_("Correct what is marked, then send it again."))
        self.faults = faults


@retried
@transaction.atomic
def propose_change(household: Household, wanted: Wanted, *, by: Officer) -> Case:
    """Open the case of a change, to be decided by the township or the county.

    Raises NotAllowed; ChangeRefused with the faults; AlreadyOpen while another change is under way;
    Refused for a household that is cancelled.
    """
    here, other = _locked(household.pk, wanted.other)
    require(by, *PROPOSERS, code=here.village_id)
    _refuse_faults(here, other, wanted, by)
    case = open_case(CHANGE.kind, here.number, here.village_id, _facts(here, other, wanted), by=by)
    change = HouseholdChange(
        case=case,
        household=here,
        kind=wanted.kind,
        happened_on=wanted.happened_on,
        other=other,
        to_village_id=wanted.to_village or None,
    )
    change.content_sealed = sealed(wanted, change)
    change.full_clean(exclude=["content_sealed"])
    change.save(force_insert=True)
    return case


@retried
@transaction.atomic
def send_again(case_id: int, wanted: Wanted, *, by: Officer, version: int) -> CaseEvent:
    """Send a returned change again with its entries corrected. Raises what proposing raises."""
    change = HouseholdChange.objects.get(case_id=case_id)
    here, other = _locked(change.household_id, wanted.other)
    require(by, *PROPOSERS, code=here.village_id)
    _refuse_faults(here, other, wanted, by)
    facts = _facts(here, other, wanted)
    case = Case.everywhere.get(pk=case_id)
    if digest(facts) != case.facts_hash:
        event = amend(case_id, by=by, facts=facts, version=version, note=_("Corrected entries"))
        version = event.seq
    change.kind, change.happened_on, change.other = wanted.kind, wanted.happened_on, other
    change.to_village_id = wanted.to_village or None
    change.content_sealed = sealed(wanted, change)
    change.full_clean(exclude=["content_sealed"])
    change.save()
    return take_step(case_id, "resend", by=by, version=version)


def _locked(household: int, other_number: str) -> tuple[Household, Household | None]:
    """The household and the other one that is named, locked in key order.

    Raises Refused when the import that brought the household was withdrawn meanwhile.
    """
    named = Household.everywhere.standing().filter(number=other_number) if other_number else None
    other_key = named.values_list("pk", flat=True).first() if named is not None else None
    keys = [household] if other_key in (None, household) else sorted([household, other_key])
    rows = Household.everywhere.select_for_update().standing().filter(pk__in=keys).order_by("pk")
    found = {one.pk: one for one in rows}
    if household not in found:
        raise _closed()
    return found[household], found.get(other_key) if other_key else None


def _closed() -> Refused:
    return Refused(_("This household is closed. Nothing in it changes any more."), code="closed")


def _refuse_faults(here: Household, other: Household | None, wanted: Wanted, by: Officer) -> None:
    if here.state in (State.CLEARED, State.CANCELLED):
        raise _closed()
    today = business_date()
    found = [(one.field, _(one.text)) for one in judge(wanted, people_of(here), today=today)]
    found += _other_faults(here, other, wanted)
    if wanted.known.group == JOIN:
        judged = joining(here, wanted, by=by, today=today)
        found += [(one.name, one.sentence) for one in judged.faults]
        found += _joined_in_time(here, judged, wanted)
    if found:
        raise ChangeRefused(found)


def _joined_in_time(here: Household, judged: Judged, wanted: Wanted) -> list[tuple[str, str]]:
    """Nobody joins before he was born, or before the day on which he left the household."""
    if judged.faults or judged.verdict is None:
        return []
    person = judged.verdict.people.members[-1]
    born = person.values["birth_date"]
    if born and wanted.happened_on < born:
        return [("happened_on", _("The day lies before the birth."))]
    before = here.members.filter(withdrawn_at=None, person_number=person.number)
    left = before.aggregate(left=Max("end_date"))["left"]
    if left and wanted.happened_on < left:
        return [("happened_on", _("The day lies before the day on which this person left."))]
    return []


def _other_faults(
    here: Household, other: Household | None, wanted: Wanted
) -> list[tuple[str, str]]:
    kind = wanted.known
    if kind.names_household and wanted.other and not _takes_people(here, other):
        text = _(
            "No household of this county with this number can take people in. Check the"
            " number, or ask the county office."
        )
        return [("other", text)]
    if kind.names_village and wanted.to_village:
        village = Division.objects.in_force(business_date()).filter(
            pk=wanted.to_village, level=Level.VILLAGE
        )
        same = wanted.to_village == here.village_id
        county = wanted.to_village[:COUNTY_DIGITS] == here.village_id[:COUNTY_DIGITS]
        if same or not county or not village.exists():
            text = _("Write the code of another village of this county that is in force.")
            return [("to_village", text)]
    return []


def _takes_people(here: Household, other: Household | None) -> bool:
    return (
        other is not None
        and other.pk != here.pk
        and other.state not in (State.CLEARED, State.CANCELLED)
        and other.village_id[:COUNTY_DIGITS] == here.village_id[:COUNTY_DIGITS]
    )


def _facts(here: Household, other: Household | None, wanted: Wanted) -> dict[str, Any]:
    """What the case rests on: keys, kinds and versions, nothing of anybody in words."""
    there = wanted.to_village or (other.village_id if other else "")
    return {
        "state": int(here.state),
        "household": here.number,
        "village": here.village_id,
        "version": here.version,
        "kind": wanted.kind,
        "happened_on": wanted.happened_on.isoformat(),
        "other": other.number if other else None,
        "other_version": other.version if other else None,
        "to_village": wanted.to_village or None,
        "needs_county": needs_county(wanted.known, here=here.village_id, there=there),
        "entries": digest(
            {
                "goes": sorted(wanted.goes),
                "relations": {str(key): code for key, code in wanted.relations.items()},
                "person": sorted(fields.BY_STEP[fields.MEMBERS].keys() & wanted.person.keys()),
                "reason": wanted.reason,
                "proof": wanted.proof,
            }
        ),
    }


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
    """Take a step of a change; its approval does what the change says.

    Raises what `take_step` raises; Stale when a household changed since the change was proposed;
    Refused when somebody who joins is registered elsewhere by now.
    """
    if step == "resend":
        raise Refused(
            _("Open the change, correct its entries and send it from there."), code="mend_first"
        )
    change = HouseholdChange.objects.select_related("other").get(case_id=case_id)
    wanted = wanted_of(change)
    here, other = _locked(change.household_id, change.other.number if change.other else "")
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == APPROVED:
        _refuse_moved(here, other, event.case)
        try:
            with transaction.atomic():
                apply_change(here, other, wanted, case=event.case, by=by)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            raise Stale(
                _("Somebody was registered elsewhere in this moment. Check, then decide anew."),
                code="registered_meanwhile",
            ) from error
        change.applied_on = business_date()
        change.save(update_fields=["applied_on"])
    return event


def _refuse_moved(here: Household, other: Household | None, case: Case) -> None:
    """Stale when one of the households is not as it was when the change was proposed."""
    facts = case.facts
    moved = here.version != facts["version"]
    moved = moved or (other.version if other else None) != facts["other_version"]
    if moved:
        raise Stale(
            _(
                "The household changed after this change was proposed. Return it: the village looks"
                " at it again and sends it anew."
            ),
            code="facts_changed",
            details={
                "differences": [
                    {
                        "label": _("Version of the household"),
                        "before": str(facts["version"]),
                        "after": str(here.version),
                    }
                ]
            },
        )
