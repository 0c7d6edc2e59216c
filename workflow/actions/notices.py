"""Public notices: posting a list, and what happens to its lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.dates import business_date, day_text
from trail.errors import Refused
from trail.transactions import retried
from workflow.errors import Incomplete
from workflow.models import Case, Notice, NoticeLine
from workflow.procedures import machine_of
from workflow.queries import parameter
from workflow.rules import last_day

POSTERS = frozenset(
    {Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER, Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK}
)


@dataclass(frozen=True)
class Line:
    """What a notice shows of a case, besides its serial: never more than this."""

    group: str
    householder: str
    people: int


def post_notice(
    cases: Sequence[Case],
    lines: Mapping[int, Line],
    *,
    step: str,
    days: str,
    place: str,
    by: Officer,
) -> Notice:
    """Post one list of cases of one kind and division, inside the transaction of their step.

    `days` names the policy parameter that holds the full days of the notice.
    """
    today, division = business_date(), cases[0].division_id
    count = parameter(days, division, today.year)
    notice = Notice.everywhere.create(
        division_id=division,
        kind=cases[0].kind,
        step=step,
        place=place,
        posted_on=today,
        counted_from=today,
        days=count,
        last_day=last_day(today, count),
        posted_by=by,
    )
    NoticeLine.objects.bulk_create(
        _line(notice, case, lines[case.pk], serial) for serial, case in enumerate(cases, start=1)
    )
    return notice


def post_lists(
    cases: Iterable[Case],
    lines: Mapping[int, Line],
    *,
    step: str,
    days: str,
    place: str,
    by: Officer,
) -> list[Notice]:
    """Post one list for each division of the cases."""
    by_division: dict[str, list[Case]] = {}
    for case in cases:
        by_division.setdefault(case.division_id, []).append(case)
    return [
        post_notice(own, lines, step=step, days=days, place=place, by=by)
        for own in by_division.values()
    ]


def remove_lines(cases: Iterable[int]) -> None:
    """Take the standing lines of cases off their notices; no days start anew."""
    NoticeLine.objects.standing().filter(case_id__in=cases).update(removed_at=timezone.now())


@retried
@transaction.atomic
def add_line(notice_id: int, case_id: int, line: Line, *, by: Officer, reason: str) -> NoticeLine:
    """Put a case that was left out on a running notice; the days of the whole list start anew.

    The case must stand where this list's cases stand, without a line of its own. Raises NotAllowed;
    Refused when the notice has run out or the case does not belong on it.
    """
    case = Case.everywhere.select_for_update().get(pk=case_id)
    notice = _lock_running(notice_id, by)
    posting = machine_of(case.kind).posting_steps(case.state)
    belongs = (case.kind, case.division_id) == (notice.kind, notice.division_id)
    if not belongs or notice.step not in posting:
        raise Refused(_("This case does not belong on this notice."), code="wrong_notice")
    if case.notice_lines.standing().filter(notice__step=notice.step).exists():
        raise Refused(_("This case stands on a notice already."), code="on_notice")
    serial = max(notice.lines.values_list("serial", flat=True), default=0) + 1
    added = _line(notice, case, line, serial)
    added.save(force_insert=True)
    _restart(notice, by=by, action="add_line", reason=reason)
    return added


@retried
@transaction.atomic
def correct_line(line_id: int, line: Line, *, by: Officer, reason: str) -> NoticeLine:
    """Replace a wrong line under its serial; the days of the whole list start anew.

    Objections to the old line stay open. Raises NotAllowed; Refused when the notice has run out.
    """
    old = _lock_line(line_id)
    notice = _lock_running(old.notice_id, by)
    old.removed_at = timezone.now()
    old.save(update_fields=["removed_at"])
    new = _line(notice, old.case, line, old.serial)
    new.save(force_insert=True)
    _restart(notice, by=by, action="correct_line", reason=reason)
    return new


@retried
@transaction.atomic
def withdraw_line(line_id: int, *, by: Officer, reason: str) -> NoticeLine:
    """Take one line off a running notice; its case can then only go back, the days run on."""
    line = _lock_line(line_id)
    _lock_running(line.notice_id, by)
    remove_line(line)
    record(
        by=by,
        action="withdraw_line",
        subject=line,
        division=line.case.division_id,
        reason=reason,
    )
    return line


def remove_line(line: NoticeLine) -> None:
    """Take a line, locked with its case, off its notice."""
    line.removed_at = timezone.now()
    line.save(update_fields=["removed_at"])


def _lock_line(line_id: int) -> NoticeLine:
    """A standing line with its case, the case locked first."""
    case = NoticeLine.objects.values_list("case_id", flat=True).get(pk=line_id)
    Case.everywhere.select_for_update().get(pk=case)
    line = NoticeLine.objects.select_related("case", "notice").get(pk=line_id)
    if line.removed_at is not None:
        raise Refused(_("This line is off the notice already."), code="line_removed")
    return line


def takers_of(notice: Notice) -> frozenset[Role]:
    """Who may take it down: who posts in villages, and who took the step that posted this one."""
    steps = machine_of(notice.kind).steps
    return POSTERS.union(*(step.roles for step in steps if step.name == notice.step))


def _lock_running(notice_id: int, by: Officer) -> Notice:
    notice = Notice.everywhere.select_for_update().get(pk=notice_id)
    require(by, *POSTERS, code=notice.division_id)
    if business_date() > notice.last_day:
        message = _("This notice has run out. Post a new one.")
        raise Refused(message, code="notice_over")
    return notice


def _restart(notice: Notice, *, by: Officer, action: str, reason: str) -> None:
    before = {"last_day": notice.last_day.isoformat()}
    notice.counted_from = business_date()
    notice.last_day = last_day(notice.counted_from, notice.days)
    notice.save(update_fields=["counted_from", "last_day"])
    record(
        by=by,
        action=action,
        subject=notice,
        division=notice.division_id,
        before=before,
        after={"last_day": notice.last_day.isoformat()},
        reason=reason,
    )


def _line(notice: Notice, case: Case, line: Line, serial: int) -> NoticeLine:
    return NoticeLine(
        notice=notice,
        case=case,
        serial=serial,
        group=line.group,
        householder=line.householder,
        people=line.people,
    )


@retried
@transaction.atomic
def take_down(notice_id: int, *, on: date, by: Officer) -> Notice:
    """Record that a list was taken down from its place.

    Not before its last day has passed, while a line still stands on it. Raises NotAllowed;
    Incomplete for a day in the future or before the posting; Refused when it is down already, or
    still has to hang.
    """
    notice = Notice.everywhere.select_for_update().get(pk=notice_id)
    require(by, *takers_of(notice), code=notice.division_id)
    if notice.taken_down_on:
        raise Refused(_("This notice was taken down already."), code="taken_down")
    if not notice.posted_on <= on <= business_date():
        text = _("The day must lie between the posting and today.")
        raise Incomplete(text, details={"fields": {"on": text}})
    if on <= notice.last_day and notice.lines.standing().exists():
        raise Refused(
            _("The notice must hang until the end of %(day)s. Take it down on the day after.")
            % {"day": day_text(notice.last_day)},
            code="still_posted",
        )
    notice.taken_down_on, notice.taken_down_by = on, by
    notice.save(update_fields=["taken_down_on", "taken_down_by"])
    record(
        by=by,
        action="take_down",
        subject=notice,
        division=notice.division_id,
        after={"taken_down_on": on.isoformat()},
    )
    return notice
