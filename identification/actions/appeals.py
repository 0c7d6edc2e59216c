"""Appeals against a rejection, or against the result of an objection."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from households.actions import lock_subject
from identification.actions.advancing import advance
from identification.actions.locks import locked_case
from identification.models import Appeal
from identification.procedure import CLERK, COUNTY, REFUSALS, TOWNSHIP, VILLAGE
from officers.models import Officer
from officers.rules import Role
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.transactions import retried
from workflow.actions import weigh_again
from workflow.actions.cases import refuse_closed
from workflow.actions.notices import remove_lines
from workflow.errors import Incomplete
from workflow.models import Case, Objection
from workflow.parameters import APPEAL_DAYS
from workflow.queries import parameter
from workflow.rules import TEXT_LENGTH

LEVELS = {Appeal.TOWNSHIP: TOWNSHIP, Appeal.COUNTY: COUNTY}
APPEALABLE = {
    "noticed": frozenset({Appeal.TOWNSHIP, Appeal.COUNTY}),
    "reviewed": frozenset({Appeal.TOWNSHIP, Appeal.COUNTY}),
    "announced": frozenset({Appeal.COUNTY}),
    "refused": frozenset({Appeal.TOWNSHIP, Appeal.COUNTY}),
}

OWN_RESULTS = REFUSALS | {"review", "recheck", "approve"}
"""Steps whose officer judges no appeal in the same case, though another may have gone on since."""


@transaction.atomic
def record_appeal(
    case_id: int, *, by: Officer, level: str, appellant: str, received_on: date, text: str
) -> Appeal:
    """Record that somebody asks to look at a result again; the case is held until it is resolved.

    In time are the days of the notice, or those for an appeal after a rejection; what the county
    decided goes to the county. Raises NotAllowed, Incomplete; Refused where nothing is to appeal.
    """
    case = locked_case(case_id, VILLAGE | TOWNSHIP | CLERK | COUNTY, by=by)
    refuse_closed(case)
    if case.state not in APPEALABLE:
        raise Refused(_("There is no result to appeal against now."), code="nothing_to_appeal")
    if case.appeals.filter(resolved_on=None).exists():
        raise Refused(_("An appeal is open. It must be resolved first."), code="appeal_open")
    faults = {}
    if level not in levels_of(case):
        faults["level"] = _("The county alone can look at its own decision again.")
    if appellant not in dict(Appeal.APPELLANTS):
        faults["appellant"] = _("Choose one of the list.")
    elif appellant == Appeal.OBJECTOR and not _has_objection(case):
        faults["appellant"] = _("Nobody has objected in this case.")
    first, last = appeal_days(case)
    if not first <= received_on <= min(last, business_date()):
        faults["received_on"] = _("Enter a day from %(first)s to %(last)s.") % {
            "first": first,
            "last": min(last, business_date()),
        }
    if not text.strip():
        faults["text"] = _("Write what is said.")
    elif len(text) > TEXT_LENGTH:
        faults["text"] = _("Write at most 500 characters.")
    if faults:
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    appeal = Appeal.objects.create(
        case=case,
        level=level,
        appellant=appellant,
        received_on=received_on,
        text=text.strip(),
        recorded_by=by,
    )
    weigh_again(case)
    record(
        by=by,
        action="record_appeal",
        subject=appeal,
        division=case.division_id,
        after={"level": level, "appellant": appellant},
        origin=f"case:{case.pk}",
    )
    return appeal


def levels_of(case: Case) -> frozenset[str]:
    """To whom the result that the case stands at can be appealed."""
    levels = APPEALABLE[case.state]
    if case.state != "refused":
        return levels
    refusal = case.events.filter(step__in=REFUSALS).order_by("-seq").first()
    by_county = refusal is not None and refusal.role == Role.COUNTY_APPROVER
    return levels - {Appeal.TOWNSHIP} if by_county else levels


def appeal_days(case: Case) -> tuple[date, date]:
    """The first and the last day on which an appeal against what stands now is in time."""
    if case.state == "refused":
        days = parameter(APPEAL_DAYS, case.division_id, case.entered_state_on.year)
        return case.entered_state_on, case.entered_state_on + timedelta(days=days)
    lines = case.notice_lines.standing().select_related("notice")
    last = max((line.notice.last_day for line in lines), default=case.entered_state_on)
    return case.entered_state_on, last


def _has_objection(case: Case) -> bool:
    return Objection.objects.filter(line__case=case).exclude(resolved_on=None).exists()


@retried
@transaction.atomic
def resolve_appeal(appeal_id: int, *, by: Officer, result: str, finding: str) -> Appeal:
    """Uphold ("uphold") an appeal, which sends the case back to the visit, or dismiss it.

    Dismissed after a rejection, the rejection is final. Raises NotAllowed for the other level, for
    who recorded it and for who took the result; Incomplete; Refused when it is resolved.
    """
    case_id = Appeal.objects.values_list("case_id", flat=True).get(pk=appeal_id)
    lock_subject(case_id)
    level = Appeal.objects.values_list("level", flat=True).get(pk=appeal_id)
    case = locked_case(case_id, LEVELS[level], by=by)
    refuse_closed(case)
    appeal = Appeal.objects.get(pk=appeal_id)
    if appeal.resolved_on is not None:
        raise Refused(_("This appeal is resolved already."), code="resolved")
    if appeal.recorded_by_id == by.pk:
        message = _("You recorded this appeal. Another officer must resolve it.")
        raise NotAllowed(message, code="same_hand")
    if case.events.filter(step__in=OWN_RESULTS, actor_id=by.pk).exists():
        message = _(
            "Who took the decision that is appealed against cannot resolve the appeal. Another"
            " officer must."
        )
        raise NotAllowed(message, code="same_hand")
    if not finding.strip() or len(finding) > TEXT_LENGTH:
        text = _("Write what the inquiry found, in at most 500 characters.")
        raise Incomplete(text, details={"fields": {"finding": text}})
    appeal.resolved_on, appeal.resolved_by = business_date(), by
    appeal.upheld, appeal.finding = result == "uphold", finding.strip()
    appeal.save(update_fields=["resolved_on", "resolved_by", "upheld", "finding"])
    weigh_again(case)
    record(
        by=by,
        action="resolve_appeal",
        subject=appeal,
        division=case.division_id,
        after={"upheld": appeal.upheld},
        origin=f"case:{case.pk}",
    )
    _carry_out(case, appeal, by)
    return appeal


def _carry_out(case: Case, appeal: Appeal, by: Officer) -> None:
    """The step that follows the result of an appeal, in its transaction."""
    if appeal.upheld:
        remove_lines([case.pk])
        advance(case.pk, "reopen", by=by, version=case.version, note=appeal.finding)
    elif case.state == "refused":
        advance(case.pk, "confirm", by=by, version=case.version, note=appeal.finding)
