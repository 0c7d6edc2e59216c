"""Whether the officer may decide a case, and on what that rests: always said, yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from exits.procedure import REVOCATION
from exits.rules.household import is_flagged_for_two, was_confirmed, was_refused
from officers.models import Officer
from registry.pages.cases.reading import reads_texts
from registry.templatetags.markup import day
from trail.errors import NotAllowed
from workflow.actions.steps import refuse_hands
from workflow.machine import Machine, Situation, Step
from workflow.models import Case, CaseEvent
from workflow.parameters import EXIT_FLAGGED_APPROVERS
from workflow.rules import notice_faults, standing_faults

GOOD, BAD = "good", "bad-mark"
SAID_FIRST = {
    "approve_first": gettext_lazy("Two decide. %(name)s approved on %(day)s as the first."),
    "revoke_first": gettext_lazy("Two decide. %(name)s agreed on %(day)s as the first to revoke."),
}
"""The steps after which a second approver decides, and what the first one did."""


@dataclass(frozen=True)
class Point:
    """One thing that the answer rests on; `mark` is GOOD or BAD."""

    mark: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Panel:
    """The answer for the step that moves the case on, and the points that it rests on."""

    step: str
    may: bool
    decides: bool
    points: list[Point]

    @property
    def words(self) -> str:
        """The answer in one sentence."""
        if self.decides:
            return _("You may decide: yes") if self.may else _("You may decide: no")
        return _("You may take the next step: yes") if self.may else _("You may not take this step")


@dataclass(frozen=True)
class Seen:
    """What the page of the case knows already; `reason` says why not, "" where the step can be."""

    officer: Officer
    case: Case
    machine: Machine
    step: Step
    reason: str
    situation: Situation
    events: Sequence[CaseEvent]
    changes: Sequence[Any]


def panel_of(seen: Seen) -> Panel:
    """The answer for the step. A decision on facts that changed is refused, so it is a no."""
    notice = _notice(seen)
    points = [_right(seen), *notice, *_facts(seen), *_approvers(seen)]
    known, label = {point.sentence for point in points}, pgettext("decision panel", "Conditions")
    if any(point.mark == BAD for point in notice):
        faults = notice_faults(seen.machine, seen.step, seen.situation)
        known |= {_(one.text) % one.values for one in faults}
    if seen.reason and seen.reason not in known:
        points.append(Point(BAD, label, seen.reason))
    elif not seen.reason:
        points.append(Point(GOOD, label, _("Nothing on record stands against it.")))
    stale = seen.step.decides and bool(seen.changes)
    may = not seen.reason and not stale
    return Panel(_(seen.step.label), may, seen.step.decides, points)


def _right(seen: Seen) -> Point:
    label = _("Separation of duties")
    if seen.officer.acting_role not in seen.step.roles:
        return Point(BAD, label, seen.reason)
    try:
        refuse_hands(seen.step, seen.case, seen.situation, by=seen.officer)
    except NotAllowed as refusal:
        return Point(BAD, label, refusal.message)
    return Point(
        GOOD, label, _("Your role takes this step, and you had no hand in what it judges.")
    )


def _notice(seen: Seen) -> list[Point]:
    """Notice and objections, where the case waits a notice out or has stood on one."""
    situation, found = seen.situation, []
    if situation.posted:
        last = max(line.last_day for line in situation.posted)
        over = last < situation.today
        text = (
            _("The public notice ran to the end of %(day)s.")
            if over
            else _("The public notice stands until the end of %(day)s.")
        )
        found.append(Point(GOOD if over else BAD, _("Notice"), text % {"day": day(last)}))
    if count := situation.open_objections:
        text = ngettext(
            "%(count)s objection is open. It is resolved first.",
            "%(count)s objections are open. They are resolved first.",
            count,
        )
        found.append(Point(BAD, _("Objections"), text % {"count": count}))
    elif situation.posted or standing_faults(seen.machine, seen.step, situation):
        found.append(Point(GOOD, _("Objections"), _("No objection is open.")))
    return found


def _facts(seen: Seen) -> list[Point]:
    if "finding" not in seen.case.facts:
        return []
    label = pgettext("decision panel", "Facts")
    if seen.changes:
        text = _("They changed since they were put into this case. See above what differs.")
        return [Point(BAD, label, text)]
    return [Point(GOOD, label, _("They are those that stand on record today."))]


def _approvers(seen: Seen) -> list[Point]:
    """One approver or two, where the procedure knows both; the second reads what the first said."""
    if not any(step.name in SAID_FIRST for step in seen.machine.steps):
        return []
    label = _("Approvers")
    first = next((one for one in reversed(seen.events) if one.step in SAID_FIRST), None)
    if first and seen.case.state == first.to_state:
        said = SAID_FIRST[first.step] % {"name": first.actor_name, "day": day(first.on)}
        if first.note and reads_texts(seen.officer, seen.case.kind):
            said += " " + _("The reason given: %(note)s") % {"note": first.note}
        return [Point(GOOD, label, said)]
    if why := _why_two(seen):
        if seen.step.name in SAID_FIRST and not seen.reason:
            why += " " + _("You would be the first.")
        return [Point(GOOD, label, why)]
    known = not seen.situation.flags or EXIT_FLAGGED_APPROVERS in seen.situation.parameters
    if known and was_confirmed(seen.situation):
        return [Point(GOOD, label, _("One decides: the household confirmed its exit."))]
    return []


def _why_two(seen: Seen) -> str:
    """Why two approvers decide; "" where one does, or where nobody knows yet."""
    if seen.machine.kind == REVOCATION.kind:
        return _("Two decide, because an approved exit is taken back.")
    if was_refused(seen.situation):
        return _("Two decide, because the household refused to sign.")
    if is_flagged_for_two(seen.situation):
        return _("Two decide, because the exit is flagged.")
    return ""
