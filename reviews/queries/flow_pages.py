"""The flow of a year as a page shows it: its lines, and the households of one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.models import Household, Member, StateChange
from households.models.members import HEAD
from households.rights import ShownCounts, masked_name, reads_names, shown_count, shown_counts
from households.suppression import Key, Sum
from officers.models import Officer
from reviews.flow import (
    CLEARED,
    EXITED,
    LINES,
    MOVED_IN,
    MOVED_OUT,
    NATURAL_IN,
    NATURAL_OUT,
    NEW,
    RELAPSED,
    UNEXPLAINED,
    Count,
    Course,
    Flow,
    People,
    crossing,
    lines_of,
)
from reviews.queries.flow import COURSE, WITH, course_of, flow_within, parameters

PAGE_ROWS = 50
OPENING, CLOSING, DIFFERENCE = "opening", "closing", "difference"
LINE_NAMES: dict[str, Promise] = {
    NEW: gettext_lazy("newly identified"),
    RELAPSED: gettext_lazy("fallen back and re-included"),
    NATURAL_IN: gettext_lazy("persons who came: birth, marriage and others"),
    MOVED_IN: gettext_lazy("moved in from another place"),
    EXITED: gettext_lazy("exited"),
    CLEARED: gettext_lazy("cleared: wrongly identified"),
    NATURAL_OUT: gettext_lazy("persons who left or died, households dissolved"),
    MOVED_OUT: gettext_lazy("moved out to another place"),
    UNEXPLAINED: gettext_lazy("unexplained"),
}
CHANGED = f"""{WITH}
    SELECT id, {COURSE}, persons_before, persons_after, came, went
    FROM counted
    WHERE NOT (on_before AND on_after AND here_before AND here_after) OR steps <> '{{}}'
        OR came <> 0 OR went <> 0 OR persons_before <> persons_after
    ORDER BY village_code, id
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True)
class FlowRow:
    """One line in households and persons, as text with a sign."""

    line: str
    name: Promise
    households: str
    persons: str


@dataclass(frozen=True)
class FlowTable:
    """Opening and lines to closing; `is_explained` when difference and unexplained are none."""

    opening: tuple[str, str]
    rows: list[FlowRow]
    closing: tuple[str, str]
    difference: tuple[str, str]
    is_explained: bool


@dataclass(frozen=True)
class LineRow:
    """One household of a line: what it adds, and why; the case that decided so, if one did."""

    household: Household
    head: str
    households: str
    persons: str
    reason: str
    case_id: int | None


@dataclass(frozen=True)
class LinePage:
    """A page of the households of a line; those that live `elsewhere` today are only counted."""

    rows: list[LineRow]
    households: str
    persons: str
    elsewhere: str
    page: int
    pages: int

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


def flow_table(officer: Officer, code: str, year: int) -> FlowTable:
    """The flow of `year` below division `code`; small counts are hidden from some roles."""
    flow = flow_within(code, year)
    entries = _entries(flow)
    households, persons = (
        _shown(officer, {name: getattr(one, column) for name, one in entries.items()})
        for column in ("households", "persons")
    )

    def both(name: str) -> tuple[str, str]:
        return _with_sign(households, name, entries[name].households), _with_sign(
            persons, name, entries[name].persons
        )

    return FlowTable(
        opening=(households.text(OPENING), persons.text(OPENING)),
        rows=[FlowRow(line, LINE_NAMES[line], *both(line)) for line in LINES],
        closing=(households.text(CLOSING), persons.text(CLOSING)),
        difference=both(DIFFERENCE),
        is_explained=flow.is_explained,
    )


def _entries(flow: Flow) -> dict[str, Count]:
    """Everything that a flow shows, signed."""
    ends = {OPENING: flow.opening, CLOSING: flow.closing, DIFFERENCE: flow.difference}
    return {**flow.lines, **ends}


def _shown(officer: Officer, numbers: Mapping[str, int]) -> ShownCounts:
    """One column of a flow: opening and what came stand against what went and the closing."""
    counts: dict[Key, int] = {name: abs(number) for name, number in numbers.items()}
    came = [name for name, number in numbers.items() if name != CLOSING and number >= 0]
    went = [name for name, number in numbers.items() if name == CLOSING or number < 0]
    ends = frozenset({OPENING, CLOSING})
    return shown_counts(officer, counts, [Sum(tuple(came), tuple(went), ends)])


def line_page(officer: Officer, code: str, year: int, line: str, number: int) -> LinePage:
    """Page `number`, from 1, of the households below `code` that count to a line of LINES."""
    found = _households_of(code, year, line)
    keys = [key for key, *_rest in found]
    visible = Household.objects.visible_to(officer).filter(pk__in=keys).select_related("village")
    shown = set(visible.values_list("pk", flat=True))
    listed = [one for one in found if one[0] in shown]
    pages = max(1, -(-len(listed) // PAGE_ROWS))
    number = min(max(number, 1), pages)
    part = listed[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    households, persons = _of_line(officer, code, year, line, found)
    return LinePage(
        rows=_rows(officer, line, part, visible.in_bulk([key for key, *_rest in part])),
        households=households,
        persons=persons,
        elsewhere=shown_count(officer, len(found) - len(listed)),
        page=number,
        pages=pages,
    )


def _of_line(
    officer: Officer, code: str, year: int, line: str, found: Iterable["Found"]
) -> tuple[str, str]:
    """Both figures of a line, hidden from some roles where the flow hides them."""
    if reads_names(officer):
        both = sum((one[3][line] for one in found), Count())
        return _change(both.households), _change(both.persons)
    [row] = [one for one in flow_table(officer, code, year).rows if one.line == line]
    return row.households, row.persons


Found = tuple[int, Course, People, dict[str, Count]]


def _households_of(code: str, year: int, line: str) -> list[Found]:
    """The households that count to the line, by village."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, parameters(code, year))
        rows = cursor.fetchall()
    found = []
    for key, *values in rows:
        course, people = course_of(values[:5]), People(1, *map(int, values[5:]))
        lines = lines_of(course, people)
        if line in lines:
            found.append((key, course, people, lines))
    return found


def _rows(
    officer: Officer, line: str, part: Sequence[Found], households: Mapping[int, Household]
) -> list[LineRow]:
    heads = dict(
        Member.objects.active()
        .filter(household__in=households, relation=HEAD)
        .values_list("household_id", "name")
    )
    name = str if reads_names(officer) else masked_name
    decided = _decided(line, households)
    return [
        LineRow(
            household=households[key],
            head=name(heads[key]) if key in heads else "",
            households=_change(lines[line].households),
            persons=_change(lines[line].persons),
            reason=_reason(line, course, people, decided.get(key)),
            case_id=decided[key].case_id if key in decided else None,
        )
        for key, course, people, lines in part
    ]


def _decided(line: str, households: Iterable[int]) -> dict[int, StateChange]:
    """The latest change of state by a case by which each household counts to the line."""
    changes = StateChange.objects.filter(household__in=households).order_by("pk")
    return {
        change.household_id: change
        for change in changes
        if crossing(change.from_state, change.to_state)[1:] == line
    }


def _reason(line: str, course: Course, people: People, decided: StateChange | None) -> str:
    """Why a household counts to the line, in a sentence."""
    counted = {
        "before": people.before, "after": people.after, "came": people.came, "went": people.went,
    }  # fmt: skip
    if line == UNEXPLAINED and people.before + people.came - people.went != people.after:
        return (
            _(
                "Persons: %(before)s before and %(after)s now, but the members tell of %(came)s "
                "who came and %(went)s who left. Check the surveys of both years."
            )
            % counted
        )
    if line == UNEXPLAINED:
        return _("On the register at one close only; neither a case nor a record says why.")
    if line in (MOVED_IN, MOVED_OUT):
        return _("It moved within the year.")
    if any(step[1:] == line for step in course.steps):
        if decided is None:
            return _("The records that were taken over say so.")
        return _("%(day)s: %(before)s → %(after)s.") % {
            "day": date_format(decided.on, "Y-m-d"),
            "before": decided.get_from_state_display(),
            "after": decided.get_to_state_display(),
        }
    return _("Persons: %(before)s before, %(came)s came, %(went)s left, %(after)s now.") % counted


def _change(number: int) -> str:
    return f"{number:+,d}".replace("-", "−") if number else "0"


def _with_sign(shown: ShownCounts, name: str, number: int) -> str:
    """A figure with its sign; that of one withheld is not told."""
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return shown.text(name) if name in shown.hidden.withheld else sign + shown.text(name)
