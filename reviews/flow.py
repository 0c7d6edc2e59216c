"""How the register got from the close of one year to the close of the next. No Django.

    opening + new + relapsed + natural_in - exited - cleared - natural_out ± transfers = closing

in households and in persons. On the register stand the poor, planned exits and the relapsed; the
persons of a year are those of its survey in force. A household that stood on the register at the
opening first has its natural changes, then moves, then enters or leaves: whoever exits does so with
the persons of the year, as in the review. Whatever else the two closings differ by is unexplained.

Everything is additive: the rule holds for one household and for the sum of many alike ones.
Source: domain reference §13.1, §6.3, §6.4.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from households.rules import ON_REGISTER, State

NEW, RELAPSED, NATURAL_IN = "new", "relapsed", "natural_in"
EXITED, CLEARED, NATURAL_OUT = "exited", "cleared", "natural_out"
MOVED_IN, MOVED_OUT, UNEXPLAINED = "moved_in", "moved_out", "unexplained"
LINES = (
    NEW, RELAPSED, NATURAL_IN, MOVED_IN,
    EXITED, CLEARED, NATURAL_OUT, MOVED_OUT, UNEXPLAINED,
)  # fmt: skip
NEVER = 9999
LEFT_FOR = {State.EXITED: EXITED, State.CLEARED: CLEARED, State.CANCELLED: NATURAL_OUT}


@dataclass(frozen=True)
class Count:
    """Households and persons, signed."""

    households: int = 0
    persons: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.households + other.households, self.persons + other.persons)

    def __neg__(self) -> "Count":
        return Count(-self.households, -self.persons)

    def __sub__(self, other: "Count") -> "Count":
        return self + -other

    def __mul__(self, times: int) -> "Count":
        return Count(times * self.households, times * self.persons)


@dataclass(frozen=True)
class Course:
    """What one year was for a household, or for many alike ones, seen from one division.

    `on` and `here` say whether it stood on the register and lived in the division, before and
    after; `steps` are its crossings of the register's border, "+line" in and "-line" out.
    """

    on_before: bool
    on_after: bool
    here_before: bool
    here_after: bool
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class People:
    """Persons at both closings; of the changes between, those who `came` and who `went`.

    Where these do not bear out the difference, the rest is unexplained.
    """

    households: int
    before: int
    after: int
    came: int = 0
    went: int = 0


@dataclass
class Flow:
    """The figures of one division and year; `lines` are signed and hold every name of LINES."""

    opening: Count = Count()
    closing: Count = Count()
    lines: dict[str, Count] = field(default_factory=lambda: dict.fromkeys(LINES, Count()))

    @property
    def difference(self) -> Count:
        """What opening and lines miss of the closing: none, or the rule is broken."""
        return self.closing - sum(self.lines.values(), self.opening)

    @property
    def is_explained(self) -> bool:
        """Whether the identity holds without a household left over."""
        return self.difference == self.lines[UNEXPLAINED] == Count()


def crossing(before: int, after: int) -> str:
    """The step that a change of state is: "+line", "-line", or "" when the border is not crossed.

    An exit or identification that is taken back is taken from the line that it once counted to.
    """
    entered = (after in ON_REGISTER) - (before in ON_REGISTER)
    if entered < 0:
        return "-" + LEFT_FOR.get(State(after), NEW)
    if entered > 0:
        taken_back = before == State.EXITED and after != State.RELAPSED
        came = RELAPSED if after == State.RELAPSED else NEW
        return "+" + (EXITED if taken_back else came)
    return ""


def flow_of(courses: Iterable[tuple[Course, People]]) -> Flow:
    """The flow that these households add up to."""
    flow = Flow()
    for course, people in courses:
        _add(flow, course, people)
    return flow


def _add(flow: Flow, course: Course, people: People) -> None:
    here_before, here_after = course.here_before, course.here_after
    whole = Count(people.households, people.after)
    if course.on_before and here_before:
        flow.opening += Count(people.households, people.before)
        _add_changes(flow.lines, people)
        if not here_after:
            flow.lines[MOVED_OUT] -= whole
    elif course.on_before and here_after:
        flow.lines[MOVED_IN] += whole
    if not here_after:
        return
    standing = int(course.on_before)
    for step in course.steps:
        sign = 1 if step[0] == "+" else -1
        standing += sign
        flow.lines[step[1:]] += whole * sign
    flow.closing += whole * course.on_after
    flow.lines[UNEXPLAINED] += whole * (course.on_after - standing)


def _add_changes(lines: dict[str, Count], people: People) -> None:
    lines[NATURAL_IN] += Count(0, people.came)
    lines[NATURAL_OUT] -= Count(0, people.went)
    rest = people.after - people.before - people.came + people.went
    lines[UNEXPLAINED] += Count(0, rest)


def lines_of(course: Course, people: People) -> dict[str, Count]:
    """The lines that these households count to, each with what they add to it."""
    lines = flow_of([(course, people)]).lines
    return {name: count for name, count in lines.items() if count != Count()}
