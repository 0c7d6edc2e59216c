"""Opening cases about the register's own households: an exit, its revocation, a removal."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exits.models import Revocation
from exits.procedure import EXIT, REMOVAL, REVOCATION
from exits.queries.household import latest_years
from exits.queries.signed import exit_behind
from exits.rules.household import age_faults
from households.models import Household, Standard
from households.snapshot import snapshot
from officers.models import Officer
from officers.rights import require
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions import open_case
from workflow.errors import Incomplete
from workflow.models import Case

LONGEST_REASON = 200


@retried
@transaction.atomic
def propose_exit(household: Household, *, by: Officer, year: int) -> Case:
    """Open the exit of a household on its facts of `year`.

    Raises NotAllowed for anybody but the village and the county's clerk; Refused without a survey
    or standard of the year, when facts of a later year are on record, on facts older than the last
    year, or for a state that has no exit; AlreadyOpen.
    """
    require(by, *EXIT.openers, code=household.village_id)
    found = _locked(household)
    latest = latest_years([found.number]).get(found.number, year)
    if latest > year:
        text = _("Facts of %(year)s are on record. Propose the exit on these.")
        raise Refused(text % {"year": latest}, code="later_facts")
    for fault in age_faults(year, business_date()):
        raise Refused(_(fault.text) % fault.values, code="old_facts")
    facts = _facts(found, year, standard_of(found, year))
    return open_case(EXIT.kind, found.number, found.village_id, facts, by=by)


@retried
@transaction.atomic
def propose_revocation(household: Household, *, by: Officer, reason: str) -> Case:
    """Ask to take the exit of a household back, on the year and standard that it was decided by.

    Raises NotAllowed for anybody but the county's clerk; Incomplete without a reason; Refused for a
    household that did not exit by a case, or whose exit is not announced yet; AlreadyOpen.
    """
    require(by, *REVOCATION.openers, code=household.village_id)
    found = _locked(household)
    case = exit_behind(found)
    if case is None:
        raise Refused(
            _("No exit of this household stands on record here. Re-inclusion takes it back."),
            code="no_exit",
        )
    if case.closed_at is None:
        raise Refused(
            _("The exit is not announced yet. Announce it first, then ask to revoke it."),
            code="not_announced",
        )
    standard = Standard.objects.get(pk=case.facts["standard"]["id"])
    facts = _facts(found, case.facts["year"], standard)
    facts |= {"exit": case.pk, "reason": _said(reason)}
    opened = open_case(REVOCATION.kind, found.number, found.village_id, facts, by=by)
    Revocation.objects.create(case=opened, exit=case)
    return opened


@retried
@transaction.atomic
def propose_removal(household: Household, *, by: Officer, year: int, reason: str) -> Case:
    """Ask to take a household off the register that never belonged onto it.

    Raises NotAllowed for anybody but the village and the county's clerk; Incomplete without a
    reason; Refused without a survey or standard of the year, or for a state that has no removal;
    AlreadyOpen.
    """
    require(by, *REMOVAL.openers, code=household.village_id)
    found = _locked(household)
    facts = _facts(found, year, standard_of(found, year)) | {"reason": _said(reason)}
    return open_case(REMOVAL.kind, found.number, found.village_id, facts, by=by)


def standard_of(household: Household, year: int) -> Standard:
    """The province's own standard of the year, or else the nation's. Raises Refused."""
    held = Standard.objects.holding(household.village_id, year).order_by("-division_id").first()
    if held is None:
        raise Refused(_("No standard is published for that year."), code="no_standard")
    return held


def _locked(household: Household) -> Household:
    return Household.everywhere.select_for_update().standing().get(pk=household.pk)


def _facts(household: Household, year: int, standard: Standard) -> dict[str, Any]:
    facts = snapshot(household, year=year, standard=standard)
    if facts["survey"] is None:
        raise Refused(
            _("No facts of %(year)s are on record. Record them first.") % {"year": year},
            code="no_survey",
        )
    return facts


def _said(reason: str) -> str:
    """The reason as it is kept. Raises Incomplete without one, or for one that is too long."""
    said = reason.strip()
    if not said:
        raise Incomplete(_("Say why."), details={"fields": {"reason": _("Say why.")}})
    if len(said) > LONGEST_REASON:
        text = _("Write at most %(most)s characters.") % {"most": LONGEST_REASON}
        raise Incomplete(text, details={"fields": {"reason": text}})
    return said
