"""Procedures as data: which step leads from which state to which, by whom. No Django here.

A Machine is a value, checked once when its module is imported. Labels are English msgids, marked
with `gettext_noop` for the catalogue and translated where they are shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from officers.rules import Role


def gettext_noop(text: str) -> str:
    """Mark a label for the translation catalogue."""
    return text


class IllegalStep(Exception):
    """The step does not exist, or does not start from the case's state."""


@dataclass(frozen=True)
class Step:
    """One act in a procedure.

    `needs_evidence` names the keys that the officer must record; `notice` names the policy
    parameter that holds the days of the public notice which this step posts (the next step waits
    for its last day); `not_same_hand_as` names earlier steps whose officers may not take this one
    ("open" and "amend" stand for whoever proposed and whoever edited the facts).
    """

    name: str
    source: str
    target: str
    roles: frozenset[Role]
    label: str
    needs_note: bool = False
    needs_evidence: tuple[str, ...] = ()
    notice: str = ""
    not_same_hand_as: frozenset[str] = frozenset()
    decides: bool = False


@dataclass(frozen=True)
class Machine:
    kind: str
    label: str
    initial: str
    states: dict[str, str]
    steps: tuple[Step, ...]
    openers: frozenset[Role]
    by_source: dict[tuple[str, str], Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = {(step.source, step.name): step for step in self.steps}
        if len(table) != len(self.steps):
            raise ValueError(f"{self.kind}: two steps share a name and a source")
        named = {self.initial} | {s.source for s in self.steps} | {s.target for s in self.steps}
        if named != set(self.states):
            raise ValueError(
                f"{self.kind}: states without label or use: {named ^ set(self.states)}"
            )
        unreachable = set(self.states) - self.reachable()
        if unreachable:
            raise ValueError(f"{self.kind}: no step leads to {sorted(unreachable)}")
        object.__setattr__(self, "by_source", table)

    def reachable(self) -> set[str]:
        """States that some chain of steps reaches from the initial one."""
        found, edge = {self.initial}, [self.initial]
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

    def final_states(self) -> frozenset[str]:
        """States that no step leaves: a case there is closed."""
        return frozenset(self.states) - {step.source for step in self.steps}

    def waiting_states(self, roles: Iterable[Role]) -> list[str]:
        """States from which somebody in one of `roles` can act."""
        wanted = frozenset(roles)
        return sorted({step.source for step in self.steps if step.roles & wanted})
