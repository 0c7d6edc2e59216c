"""Procedures as data: which step leads from which state to which, by whom. No Django here.

A Machine is a value, checked once when its module is imported. Labels are English msgids, marked
with `gettext_noop` for the catalogue and translated where they are shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from officers.rules import DECIDERS, Role

OPEN, AMEND, END = "open", "amend", "end"
STEPS = "steps"
"""Where the facts of a case keep what a step of its present run put into them, by its name."""

ANSWERED = "flags"
"""Where an event keeps the flags that it answered, among its evidence; where it is sent, the digest
of those that the officer saw (`workflow.rules.flags_seen`).
"""

PROPOSERS = frozenset({OPEN, AMEND})
FACTS, POSTING = "facts", "posting"
"""The acts of whoever recorded the facts of a case, and of whoever posted a notice."""

NEVER_ACT = frozenset(
    {Role.MACHINE_CLIENT, Role.OPERATOR, Role.ACCOUNT_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR}
)
OBJECTION_RECORDERS = frozenset(
    {
        Role.VILLAGE_OFFICIAL,
        Role.TEAM_MEMBER,
        Role.TOWNSHIP_REVIEWER,
        Role.COUNTY_CLERK,
        Role.COUNTY_APPROVER,
    }
)
OBJECTION_RESOLVERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_APPROVER})


def gettext_noop(text: str) -> str:
    """Mark a label for the translation catalogue."""
    return text


class IllegalStep(Exception):
    """The step does not exist, or does not start from the case's state."""


class Way(StrEnum):
    """Where a step leads: on, back for correction, to a refusal, or out at the subject's wish."""

    FORWARD = "forward"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Kind(StrEnum):
    """What an officer enters as evidence. No date lies in the future, no number is negative.

    Remarks are a mapping: the name of a field of the household's data to what is wrong there.
    """

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    REMARKS = "remarks"


@dataclass(frozen=True)
class Evidence:
    """One thing that a step puts on record: the field of its form and of its event.

    An optional one may stay blank, as far as the judge of the step allows. What is `public` is read
    by anybody, so it carries no number of a person. A day that follows
    others names in `not_before` a state, for the day on which the case last came there, or an
    earlier day of the procedure by its name.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    optional: bool = False
    not_before: str = ""
    public: bool = False


@dataclass(frozen=True)
class Fault:
    """Why a step cannot be taken: a msgid with its values, at one field or at the whole case."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""


@dataclass(frozen=True)
class Hand:
    """Who took which step, when, to which state it led, and the days that he put on record."""

    officer_id: int
    step: str
    to_state: str
    on: date
    days: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Posted:
    """The standing line of a case: the step that posted it and the last day of its notice."""

    step: str
    last_day: date


@dataclass(frozen=True)
class Records:
    """What an app keeps about a case beside its events, as values.

    `hands` are the officers who recorded it or agreed to it: a step can exclude them by name.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    hands: tuple[Hand, ...] = ()


@dataclass(frozen=True)
class Flagged:
    """One thing for which a case is looked at twice: a code, its msgid, and figures as JSON."""

    code: str
    label: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Weighed:
    """How much a case wants to be looked at: its place in the order of risk, the highest first, and
    the flags behind it, the gravest first.
    """

    risk: int
    flags: tuple[Flagged, ...]


@dataclass(frozen=True)
class Situation:
    """All that decides whether a step can be taken, as values, read under the case's lock.

    `flags` are the codes of those that the inbox lists the case by.
    """

    state: str
    facts: Mapping[str, Any]
    today: date
    hands: tuple[Hand, ...] = ()
    posted: tuple[Posted, ...] = ()
    open_objections: int = 0
    evidence: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    records: Records = field(default_factory=Records)
    flags: tuple[str, ...] = ()

    def entered(self, state: str) -> date | None:
        """The day on which the case first reached `state`."""
        return next((hand.on for hand in self.hands if hand.to_state == state), None)

    def since(self, name: str) -> date | None:
        """The last day on which the case came to the state `name`, or that was entered as `name`.

        Facts that were replaced where the case stood count as coming there anew.
        """
        for hand in reversed(self.hands):
            if hand.to_state == name:
                return hand.on
            if name in hand.days:
                return hand.days[name]
        return None

    def arrived(self) -> date | None:
        """The day on which the case last came to where it stands."""
        here = None
        for hand in reversed(self.hands):
            if hand.to_state != self.state:
                break
            here = hand.on
        return here


@dataclass(frozen=True)
class Step:
    """One act in a procedure.

    `notice` names the policy parameter that holds the days of the public notice which this step
    posts: steps from its target wait for the last day. `not_same_hand_as` names earlier steps whose
    officers may not take this one ("open" and "amend": whoever proposed, whoever changed the
    facts). `judge` adds conditions of the field's own; it may read the policy parameters that
    `parameters` names. A step that `decides` is an act of office with facts and hash on record; one
    that `vouches` for the facts is barred, as a decision is, to whoever recorded them.
    `deadline` names the parameter of the days until a case that came by it must move on, where
    these are not those of its target. A step that `answers_flags` is refused without a note while
    the case is flagged, and keeps the flags with the note. A `consequence` is taken by another act
    alone, so no page offers it.
    """

    name: str
    source: str
    target: str
    roles: frozenset[Role]
    label: str
    way: Way = Way.FORWARD
    needs_note: bool = False
    needs_evidence: tuple[Evidence, ...] = ()
    notice: str = ""
    not_same_hand_as: frozenset[str] = frozenset()
    decides: bool = False
    judge: Callable[[Situation], list[Fault]] | None = None
    parameters: tuple[str, ...] = ()
    deadline: str = ""
    vouches: bool = False
    answers_flags: bool = False
    consequence: bool = False


@dataclass(frozen=True)
class Machine:
    """A whole procedure.

    `starts` maps the state of the subject (`facts["state"]`) to the state in which its case begins;
    a subject in another state can have no such case. In `resting` states a case waits for nobody;
    in `settled` ones a decision stands that may still be taken back, and the facts stay.
    `deadlines` maps a state to the parameter of the days in which a case leaves it. `restarts` maps
    a state behind steps that rest on the facts to the one before them: there a case goes when its
    facts are replaced, and these steps are taken again. `holds` adds
    what stands against a step whatever is entered for it; it reads `Situation.records`. Objections
    to its notices are recorded and resolved by the roles named, and resolved by nobody who took a
    step of those `preparing` it. Where the parameter `decided_elsewhere` names another system, no
    step here decides.
    """

    kind: str
    label: str
    states: Mapping[str, str]
    starts: Mapping[int, str]
    steps: tuple[Step, ...]
    openers: frozenset[Role]
    resting: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    deadlines: Mapping[str, str] = field(default_factory=dict)
    restarts: Mapping[str, str] = field(default_factory=dict)
    holds: Callable[[Step, Situation], list[Fault]] | None = None
    objection_recorders: frozenset[Role] = OBJECTION_RECORDERS
    objection_resolvers: frozenset[Role] = OBJECTION_RESOLVERS
    preparing: frozenset[str] = PROPOSERS
    decided_elsewhere: str = ""
    by_source: dict[tuple[str, str], Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = {(step.source, step.name): step for step in self.steps}
        if len(table) != len(self.steps):
            raise ValueError(f"{self.kind}: two steps share a name and a source")
        sources, targets = {s.source for s in self.steps}, {s.target for s in self.steps}
        named = set(self.starts.values()) | sources | targets
        if named != set(self.states):
            raise ValueError(
                f"{self.kind}: states without label or use: {named ^ set(self.states)}"
            )
        told = set(self.deadlines) | self.settled | {*self.restarts, *self.restarts.values()}
        if unknown := told - set(self.states):
            raise ValueError(f"{self.kind}: nothing is known of {sorted(unknown)}")
        if lost := set(self.states) - self.reachable():
            raise ValueError(f"{self.kind}: no step leads to {sorted(lost)}")
        if lost_days := self.followed_days() - set(self.states) - self.entries():
            raise ValueError(f"{self.kind}: no day is known of {sorted(lost_days)}")
        for step in self.steps:
            refuse_unsound(self.kind, step)
        object.__setattr__(self, "by_source", table)

    def followed_days(self) -> frozenset[str]:
        """The names that days of this procedure are not before."""
        wanted = (one.not_before for step in self.steps for one in step.needs_evidence)
        return frozenset(name for name in wanted if name)

    def entries(self) -> frozenset[str]:
        """The names of all that its steps put on record."""
        return frozenset(one.name for step in self.steps for one in step.needs_evidence)

    def reachable(self) -> set[str]:
        """States that some chain of steps reaches from a start."""
        edge = list(set(self.starts.values()))
        found = set(edge)
        while edge:
            state = edge.pop()
            new = {s.target for s in self.steps if s.source == state} - found
            found |= new
            edge.extend(new)
        return found

    def step(self, state: str, name: str) -> Step:
        """The step `name` from `state`; IllegalStep when there is none."""
        try:
            return self.by_source[state, name]
        except KeyError:
            raise IllegalStep(f"{self.kind}: cannot {name} from {state}") from None

    def steps_from(self, state: str) -> list[Step]:
        """The steps that start from `state`, in the order of the procedure."""
        return [step for step in self.steps if step.source == state]

    def posting_steps(self, state: str) -> frozenset[str]:
        """The steps that lead to `state` and post a notice: what a case there waits out."""
        return frozenset(s.name for s in self.steps if s.target == state and s.notice)

    def final_states(self) -> frozenset[str]:
        """States that no step leaves: a case there is closed."""
        return frozenset(self.states) - {step.source for step in self.steps}

    def awaits_decision(self, state: str) -> bool:
        """Whether some chain of steps from `state` still comes to a decision."""
        edge, found = [state], {state}
        while edge:
            for step in self.steps_from(edge.pop()):
                if step.decides:
                    return True
                if step.target not in found:
                    found.add(step.target)
                    edge.append(step.target)
        return False

    def notice_ahead(self, state: str) -> bool:
        """Whether the steps that move a case on from `state` come to another notice."""
        edge, found = [state], {state}
        while edge:
            for step in self.steps_from(edge.pop()):
                if step.way == Way.FORWARD and step.notice:
                    return True
                if step.way == Way.FORWARD and step.target not in found:
                    found.add(step.target)
                    edge.append(step.target)
        return False

    def decides_next(self, state: str) -> bool:
        """Whether somebody may decide on a case where it stands."""
        return any(step.decides for step in self.steps_from(state))

    def main_path(self, start: str) -> list[str]:
        """The states of a procedure that meets no obstacle, from `start` to the end."""
        path = [start]
        while path[-1] not in self.final_states():
            path.append(self.onward(path[-1]).target)
        return path

    def onward(self, state: str) -> Step:
        """The step that moves a case on from an open state; StopIteration for a final one."""
        return next(step for step in self.steps_from(state) if step.way == Way.FORWARD)

    def waiting_states(self, roles: Iterable[Role]) -> list[str]:
        """States from which somebody in one of `roles` is to move the case on."""
        wanted = frozenset(roles)
        onward = {s.source for s in self.steps if s.way == Way.FORWARD and s.roles & wanted}
        return sorted(onward - self.resting)


def refuse_unsound(kind: str, step: Step) -> None:
    """ValueError for a step that breaks what every procedure keeps.

    Nobody without hands in the field acts; only deciders decide, and never on what they proposed
    or changed themselves.
    """
    if step.roles & NEVER_ACT or not step.roles:
        raise ValueError(f"{kind}: {step.name} is given to a role that never acts in a case")
    if step.decides and not (step.roles <= DECIDERS and step.not_same_hand_as >= PROPOSERS):
        raise ValueError(
            f"{kind}: {step.name} decides, so deciders other than the proposer take it"
        )
