"""The page of one case: its way so far and ahead, its facts in words, its notice and objections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from exits.queries.place_account import PLACE_KINDS, changes_of_place
from households.actions import OPENING, current_facts
from households.entry.fields import FIELDS
from households.explain import Explanation
from households.models import Household
from households.queries import visible_households
from households.snapshot import account_of, described_changes
from identification.queries import KINDS
from officers.models import ROLE_NAMES, Officer
from officers.rights import Rights, rights_of
from officers.rules import Role
from registry.pages.cases.flags import in_words
from registry.pages.cases.objecting import HEARD_WITH, Heard, heard, heard_until, waits_for
from registry.pages.cases.panel import Panel, Seen, panel_of
from registry.pages.cases.reading import name_on_notice, reads_texts
from trail.errors import NotAllowed, Refused
from workflow.actions.elsewhere import Deciders
from workflow.actions.steps import refuse_faults, refuse_hands
from workflow.deadlines import deadline_of
from workflow.machine import ANSWERED, Kind, Machine, Situation, Step, Way
from workflow.models import Case, CaseEvent, NoticeLine, Objection
from workflow.parameters import QUORUM
from workflow.procedures import machine_of
from workflow.queries import act_label, situations, standing_lines
from workflow.rules import facts_fault, standing_faults

DONE, NOW, AHEAD = "done", "now", "ahead"


@dataclass(frozen=True)
class Stage:
    """One state of the way from the proposal to the end."""

    label: str
    place: str
    event: CaseEvent | None


@dataclass(frozen=True)
class Entry:
    """One event of the trace with its evidence in words.

    Without the right to names `note` is empty and no free text stands in `evidence`.
    """

    event: CaseEvent
    label: str
    role: str
    note: str
    evidence: list[tuple[str, Any]]


@dataclass(frozen=True)
class Choice:
    """A step from where the case stands; `reason` says why it cannot be taken, if it cannot."""

    step: Step
    label: str
    reason: str = ""

    @property
    def is_forward(self) -> bool:
        return self.step.way == Way.FORWARD


@dataclass(frozen=True)
class PostedLine:
    """The case's standing line; `days_left` counts today and is 0 when the notice is over."""

    line: NoticeLine
    householder: str
    days_left: int


@dataclass(frozen=True)
class CaseView:
    """The page of a case; without `reads_texts`, what people wrote is left out of it.

    `due_on` is the day by which it is to move on, None where that stands on its sheet. `panel` says
    whether the officer may move it on, None once it is closed. `household` is the
    one that it is about, where the officer may see it. Of `changes` in the facts,
    `why_facts_stay` says why nobody may take them over, "" when one may. What is said against the
    case `heard_until` the end of that day the officer may record, None where he may not.
    """

    case: Case
    procedure: str
    state: str
    stages: list[Stage]
    entries: list[Entry]
    can: list[Choice]
    cannot: list[Choice]
    posted: list[PostedLine]
    objections: list[Heard]
    heard_until: date | None
    reads_texts: bool
    account: Explanation | None
    household: Household | None
    changes: list[dict[str, str]]
    may_take_over: bool
    why_facts_stay: str
    panel: Panel | None
    due_on: date | None

    @property
    def held(self) -> list[Choice]:
        """What is not possible, but for the step of which the panel says so."""
        said = self.panel.step if self.panel else ""
        return [one for one in self.cannot if one.label != said]

    @property
    def judged_by_meeting(self) -> bool:
        """Whether the case is open and its procedure has a villagers' appraisal."""
        steps = machine_of(self.case.kind).steps
        return self.case.closed_at is None and any(QUORUM in one.parameters for one in steps)


def case_view(officer: Officer, case: Case, *, today: date) -> CaseView:
    """Everything on the page of a case that lies within the officer's posting."""
    machine, rights = machine_of(case.kind), rights_of(officer)
    events = list(case.events.defer("facts"))
    situation = situations([case])[case.pk]
    can, cannot = choices(rights, case, machine, situation)
    household = household_of_case(officer, case)
    changes = changes_of(officer, case, household)
    why_facts_stay = _why_facts_stay(machine, situation) if changes else ""
    lines = standing_lines([case.pk]).get(case.pk, [])
    objections = Objection.objects.filter(line__case=case).select_related(*HEARD_WITH)
    return CaseView(
        case=case,
        procedure=_(machine.label),
        state=_(machine.states[case.state]),
        stages=stages(machine, case, events),
        entries=[entry_of(officer, machine, event) for event in reversed(events)],
        can=can,
        cannot=cannot,
        posted=[_posted(officer, one, today) for one in lines],
        objections=heard(officer, case.kind, objections),
        heard_until=heard_until(officer, case, lines),
        reads_texts=reads_texts(officer, case.kind),
        account=account_of(case.facts),
        household=household,
        changes=changes,
        may_take_over=bool(changes) and not why_facts_stay and _opens(rights, case, machine),
        why_facts_stay=why_facts_stay,
        panel=_panel(officer, case, machine, [*can, *cannot], situation, events, changes),
        due_on=None if case.kind in KINDS else deadline_of(case),
    )


def _panel(
    officer: Officer,
    case: Case,
    machine: Machine,
    offered: Sequence[Choice],
    situation: Situation,
    events: Sequence[CaseEvent],
    changes: list[dict[str, str]],
) -> Panel | None:
    """The answer for the step that moves the case on: one of the officer's own, if he has one, and
    his decision before whatever else he may do.
    """
    forward = [one for one in offered if one.is_forward]
    if not forward:
        return None
    own = [one for one in forward if officer.acting_role in one.step.roles]
    main = min(own or forward, key=lambda one: (not one.step.decides, bool(one.reason)))
    seen = Seen(officer, case, machine, main.step, main.reason, situation, events, changes)
    return panel_of(seen)


def stages(machine: Machine, case: Case, events: Sequence[CaseEvent]) -> list[Stage]:
    """The states of the straight way, each done, now or ahead; a failed case ends with its end."""
    path = machine.main_path(events[0].to_state)
    failed = case.state not in path
    here = _last_on(path, events) if failed else path.index(case.state)
    reached = {event.to_state: event for event in events if event.from_state != event.to_state}
    rows = [
        Stage(_(machine.states[state]), DONE, reached.get(state))
        for state in path[: here + 1 if failed else here]
    ]
    if failed:
        return [*rows, Stage(_(machine.states[case.state]), NOW, reached.get(case.state))]
    rows.append(Stage(_(machine.states[case.state]), NOW, reached.get(case.state)))
    return rows + [Stage(_(machine.states[state]), AHEAD, None) for state in path[here + 1 :]]


def _last_on(path: Sequence[str], events: Sequence[CaseEvent]) -> int:
    """How far on the straight way the case had come before it left it."""
    return path.index(next(e.from_state for e in reversed(events) if e.from_state in path))


def choices(
    rights: Rights, case: Case, machine: Machine, situation: Situation
) -> tuple[list[Choice], list[Choice]]:
    """What the officer can do now, and what is not possible with the reason.

    Of the steps of other roles only those that move the case on are named.
    """
    can, cannot, deciders = [], [], Deciders()
    for step in machine.steps_from(case.state):
        if step.consequence:
            continue
        mine = rights.officer.acting_role in step.roles
        reason = _reason_against(rights, case, machine, step, situation, deciders)
        choice = Choice(step, _(step.label), reason)
        if not reason:
            can.append(choice)
        elif mine or choice.is_forward:
            cannot.append(choice)
    return can, cannot


def reason_against(
    officer: Officer, case: Case, machine: Machine, step: Step, situation: Situation
) -> str:
    """Why the officer cannot take the step now, before any entry is made; "" when he can."""
    return _reason_against(rights_of(officer), case, machine, step, situation, Deciders())


def _reason_against(
    rights: Rights,
    case: Case,
    machine: Machine,
    step: Step,
    situation: Situation,
    deciders: Deciders,
) -> str:
    officer = rights.officer
    if officer.acting_role not in step.roles:
        return waits_for(step.roles)
    try:
        rights.require(*step.roles)
        refuse_hands(step, case, situation, by=officer)
        deciders.refuse_elsewhere(step, case)
        if any(not wanted.optional for wanted in step.needs_evidence):
            faults = standing_faults(machine, step, situation)
            return " ".join(_(fault.text) % fault.values for fault in faults)
        refuse_faults(machine, step, situation)
    except Refused as refusal:
        return refusal.message
    return ""


def _posted(officer: Officer, line: NoticeLine, today: date) -> PostedLine:
    householder = name_on_notice(officer, line.notice.kind, line.householder)
    return PostedLine(line, householder, max(0, (line.notice.last_day - today).days + 1))


def entry_of(officer: Officer, machine: Machine, event: CaseEvent) -> Entry:
    """An event in words, as the acting role may read it."""
    role = ROLE_NAMES[Role(event.role)] if event.role in set(Role) else event.role
    return Entry(
        event=event,
        label=act_label(machine.kind, event.step),
        role=str(role),
        note=event.note if reads_texts(officer, machine.kind) else "",
        evidence=_evidence(officer, machine, event),
    )


def _evidence(officer: Officer, machine: Machine, event: CaseEvent) -> list[tuple[str, Any]]:
    """The entries of an event with their labels; a choice by its label, a date as a date."""
    step = machine.by_source.get((event.from_state, event.step))
    if step is None:
        return []
    shown: list[tuple[str, Any]] = []
    if answered := event.evidence.get(ANSWERED):
        shown += [(_("Decided in spite of"), text) for text in in_words(answered)]
    for wanted in step.needs_evidence:
        if wanted.kind in (Kind.TEXT, Kind.REMARKS) and not reads_texts(officer, machine.kind):
            continue
        value = event.evidence.get(wanted.name, "")
        if wanted.kind == Kind.REMARKS:
            shown += remarks_in_words(value or {})
            continue
        if wanted.optional and value in ("", None):
            continue
        if wanted.kind == Kind.CHOICE:
            value = _(dict(wanted.choices).get(value, value))
        elif wanted.kind == Kind.DATE and value:
            value = date.fromisoformat(str(value))
        shown.append((_(wanted.label), value))
    return shown


def remarks_in_words(remarks: Mapping[str, str]) -> list[tuple[str, str]]:
    """Remarks of a return with the labels of the fields that they are about."""
    labels = {f"{field.step}.{field.name}": str(field.label) for field in FIELDS}
    return [(labels.get(name, name), text) for name, text in remarks.items()]


def household_of_case(officer: Officer, case: Case) -> Household | None:
    """The household on whose facts the case rests, where the officer may see it."""
    if "finding" not in case.facts:
        return None
    return visible_households(officer).filter(number=case.subject).first()


def changes_of(officer: Officer, case: Case, household: Household | None) -> list[dict[str, str]]:
    """What of its household or place differs by now from the facts of an open case; state left out.

    The case itself moves the state, so its change alone is no news.
    """
    if case.kind in PLACE_KINDS:
        return changes_of_place(officer, case)
    if household is None or case.closed_at is not None:
        return []
    now = current_facts(case, household)
    then = {name: value for name, value in case.facts.items() if name in now}
    moved = {name: now[name] for name in OPENING if name in then}
    return described_changes(then | moved, {name: now[name] for name in then})


def _opens(rights: Rights, case: Case, machine: Machine) -> bool:
    """Whether the officer opens such cases there: who does may replace the facts of an open one."""
    try:
        rights.require(*machine.openers, code=case.division_id)
    except NotAllowed:
        return False
    return case.closed_at is None


def _why_facts_stay(machine: Machine, situation: Situation) -> str:
    fault = facts_fault(machine, situation)
    return _(fault.text) if fault else ""


def restart_of(case: Case) -> str:
    """Where the case goes when its facts are replaced; "" where it stays."""
    machine = machine_of(case.kind)
    state = machine.restarts.get(case.state)
    return _(machine.states[state]) if state else ""
