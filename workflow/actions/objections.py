"""Objections to a line of a notice: recorded, inquired into, upheld or dismissed."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.transactions import retried
from workflow.actions.notices import remove_line
from workflow.actions.weighing import weigh_again
from workflow.errors import Incomplete
from workflow.models import Case, NoticeLine, Objection
from workflow.procedures import machine_of
from workflow.queries import heard_lines, resolver_faults


@retried
@transaction.atomic
def record_objection(case_id: int, *, by: Officer, received_on: date, text: str) -> Objection:
    """Record what somebody says against the case's line; the case is held until it is resolved.

    Received within the days of a notice; it may be typed in later, until what the notice asks about
    is decided. Raises NotAllowed, Incomplete, Refused.
    """
    case = Case.everywhere.select_for_update().get(pk=case_id)
    lines = refuse_recorder(case, by=by)
    hung = [one for one in lines if one.notice.hung_on(received_on)]
    line = hung[0] if hung else None
    faults = {}
    if not text.strip():
        faults["text"] = _("Write what is said.")
    if not lines[-1].notice.posted_on <= received_on <= business_date():
        faults["received_on"] = _("Enter a day between the posting and today.")
    elif line is None:
        faults["received_on"] = _("The notice had ended by then. Pass it on as a report.")
    if faults or line is None:
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    objection = Objection.objects.create(
        line=line, received_on=received_on, recorded_by=by, text=text.strip()
    )
    weigh_again(case)
    record(by=by, action="record_objection", subject=objection, division=case.division_id)
    return objection


def uphold_objection(objection_id: int, *, by: Officer, finding: str) -> Objection:
    """The objection is right: its line leaves the notice, no days start anew."""
    return _resolve(objection_id, upheld=True, by=by, finding=finding)


def dismiss_objection(objection_id: int, *, by: Officer, finding: str) -> Objection:
    """The objection is not right: the case goes on once its notice has run out."""
    return _resolve(objection_id, upheld=False, by=by, finding=finding)


@retried
@transaction.atomic
def _resolve(objection_id: int, *, upheld: bool, by: Officer, finding: str) -> Objection:
    """Raises NotAllowed, also for an objection or case of his own; Incomplete; Refused."""
    case_id = Objection.objects.values_list("line__case_id", flat=True).get(pk=objection_id)
    case = Case.everywhere.select_for_update().get(pk=case_id)
    about = Objection.objects.select_related("line__notice", "line__case")
    objection = about.get(pk=objection_id)
    refuse_resolver(objection, case, by=by)
    if not finding.strip():
        text = _("Write what the inquiry found.")
        raise Incomplete(text, details={"fields": {"finding": text}})
    objection.resolved_on, objection.resolved_by = business_date(), by
    objection.upheld, objection.finding = upheld, finding.strip()
    objection.save(update_fields=["resolved_on", "resolved_by", "upheld", "finding"])
    if upheld:
        for line in case.notice_lines.standing():
            remove_line(line)
    weigh_again(case)
    record(
        by=by,
        action="resolve_objection",
        subject=objection,
        division=case.division_id,
        after={"upheld": upheld},
    )
    return objection


def refuse_recorder(case: Case, *, by: Officer) -> list[NoticeLine]:
    """The lines that an objection could be about, the latest first; at least one.

    Raises NotAllowed; Refused when there is none.
    """
    require(by, *machine_of(case.kind).objection_recorders, code=case.division_id)
    lines = heard_lines(case)
    if not lines:
        raise Refused(_("This case stands on no notice now."), code="no_notice")
    return lines


def refuse_resolver(objection: Objection, case: Case, *, by: Officer) -> None:
    """NotAllowed for other roles and for who recorded it or prepared the case; Refused once it is
    resolved.
    """
    require(by, *machine_of(case.kind).objection_resolvers, code=case.division_id)
    if objection.resolved_on is not None:
        raise Refused(_("This objection is resolved already."), code="resolved")
    if fault := resolver_faults(by, [objection]).get(objection.pk):
        raise NotAllowed(_(fault.text) % fault.values, code="same_hand")
