"""Red lines that a household meets: what was found, its one explanation, and who accepted that."""

from django.db import transaction
from django.utils.translation import gettext as _

from households.models import Household, Member
from identification.actions.locks import locked_case
from identification.models import RedLineHit
from identification.procedure import CLERK, COUNTY, TOWNSHIP, VILLAGE
from identification.queries import effects_of
from officers.models import Officer
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change
from workflow.actions import weigh_again
from workflow.actions.cases import refuse_closed
from workflow.errors import Incomplete
from workflow.models import Case
from workflow.rules import TEXT_LENGTH

OFFICES = TOWNSHIP | CLERK | COUNTY
OFF = "off"
EXPLAIN = "explain"


@transaction.atomic
def record_red_line(
    case_id: int, *, by: Officer, rule: str, member: int | None, found: str
) -> RedLineHit:
    """Record that the household, or its member with that key, meets a red line.

    Raises NotAllowed; Incomplete for a rule that is not asked here, somebody else's member or no
    finding; Refused for a closed case and for a hit that stands already.
    """
    case = locked_case(case_id, VILLAGE | OFFICES, by=by)
    refuse_closed(case)
    faults = {}
    if effects_of(case.division_id).get(rule, OFF) == OFF:
        faults["rule"] = _("Choose one of the list.")
    who = _member_of(case, member)
    if member is not None and who is None:
        faults["member"] = _("Choose a member of the household.")
    faults |= _text_faults("found", found, _("Write what was found."))
    if faults:
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    if RedLineHit.objects.filter(case=case, rule=rule, member=who, withdrawn_on=None).exists():
        raise Refused(_("This red line is on record already."), code="hit_stands")
    hit = RedLineHit.objects.create(
        case=case,
        rule=rule,
        member=who,
        found=found.strip(),
        recorded_by=by,
        recorded_on=business_date(),
    )
    weigh_again(case)
    _trace("record_red_line", hit, by)
    return hit


@transaction.atomic
def explain_red_line(hit_id: int, *, by: Officer, explanation: str) -> RedLineHit:
    """Give the one explanation of a hit; it counts once another officer has accepted it.

    Raises NotAllowed; Incomplete without text; Refused for a red line that rejects whatever is said
    and for a hit that is explained or withdrawn already.
    """
    hit = _locked_hit(hit_id, VILLAGE | TOWNSHIP | CLERK, by)
    if hit.explanation:
        raise Refused(_("This red line has its explanation already."), code="explained")
    if effects_of(hit.case.division_id)[hit.rule] != EXPLAIN:
        raise Refused(_("This red line cannot be explained here."), code="no_explanation")
    faults = _text_faults("explanation", explanation, _("Write the explanation."))
    if faults:
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    hit.explanation = explanation.strip()
    hit.save(update_fields=["explanation"])
    _trace("explain_red_line", hit, by)
    return hit


@transaction.atomic
def accept_explanation(hit_id: int, *, by: Officer) -> RedLineHit:
    """Accept the explanation of a hit, by neither who recorded nor who explained it.

    Raises NotAllowed, Refused.
    """
    hit = _locked_hit(hit_id, OFFICES, by)
    if not hit.explanation:
        raise Refused(_("This red line is not explained yet."), code="not_explained")
    if hit.accepted_by_id is not None:
        raise Refused(_("This explanation is accepted already."), code="accepted")
    _refuse_own(hit, by)
    hit.accepted_by, hit.accepted_on = by, business_date()
    hit.save(update_fields=["accepted_by", "accepted_on"])
    weigh_again(hit.case)
    _trace("accept_explanation", hit, by)
    return hit


@transaction.atomic
def withdraw_red_line(hit_id: int, *, by: Officer, reason: str) -> RedLineHit:
    """Take a hit back that was recorded wrongly, by another officer than who recorded it.

    Raises NotAllowed, Refused; Incomplete without a reason.
    """
    hit = _locked_hit(hit_id, OFFICES, by)
    _refuse_own(hit, by)
    faults = _text_faults("reason", reason, _("Say why."))
    if faults:
        raise Incomplete(_("Say why."), details={"fields": faults})
    hit.withdrawn_on = business_date()
    hit.save(update_fields=["withdrawn_on"])
    weigh_again(hit.case)
    _trace("withdraw_red_line", hit, by, reason=reason.strip())
    return hit


def _locked_hit(hit_id: int, roles: frozenset, by: Officer) -> RedLineHit:
    """A standing hit, its case locked first and still open."""
    case_id = RedLineHit.objects.values_list("case_id", flat=True).get(pk=hit_id)
    case = locked_case(case_id, roles, by=by)
    refuse_closed(case)
    hit = RedLineHit.objects.get(pk=hit_id)
    hit.case = case
    if hit.withdrawn_on is not None:
        raise Refused(_("This red line has been withdrawn."), code="withdrawn")
    return hit


def _refuse_own(hit: RedLineHit, by: Officer) -> None:
    explained = Change.objects.filter(
        action="explain_red_line",
        subject_kind=hit._meta.label_lower,
        subject_id=str(hit.pk),
        actor_id=by.pk,
    )
    if hit.recorded_by_id == by.pk or explained.exists():
        message = _("You recorded or explained this red line. Another officer must look at it.")
        raise NotAllowed(message, code="same_hand")


def _member_of(case: Case, member: int | None) -> Member | None:
    if member is None:
        return None
    household = Household.everywhere.standing().get(number=case.subject)
    return Member.objects.active().filter(household=household, pk=member).first()


def _text_faults(name: str, text: str, missing: str) -> dict[str, str]:
    if not text.strip():
        return {name: missing}
    return {name: _("Write at most 500 characters.")} if len(text) > TEXT_LENGTH else {}


def _trace(action: str, hit: RedLineHit, by: Officer, *, reason: str = "") -> None:
    record(
        by=by,
        action=action,
        subject=hit,
        division=hit.case.division_id,
        after={"rule": hit.rule},
        reason=reason,
        origin=f"case:{hit.case_id}",
    )
