"""A procedure as rows for the database: which events it may hold, written by a migration as text.

`lines_of` says what a machine asks; a test compares it with what the migrations wrote. When a step
changes, add a migration with `written` and the new lines.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from officers.rules import DECIDERS
from workflow.machine import AMEND, END, OPEN, Machine, Way
from workflow.rules import states_behind

NONE = "-"
COLUMNS = (
    "kind", "source", "step", "target", "way", "decides", "roles", "barred", "waits", "notice",
)  # fmt: skip
LISTS = ("roles", "barred", "waits")
TABLE = "workflow_transition"

Row = dict[str, str | bool | list[str]]


def lines_of(machine: Machine) -> list[str]:
    """One line for each event that a case of the machine may come to, sorted."""
    rows = [*_own_steps(machine), *_openings(machine), *_amendments(machine), *_endings(machine)]
    return sorted(_line(machine.kind, *row) for row in rows)


def row_of(line: str) -> Row:
    """The columns of a line."""
    row: Row = {}
    for name, word in zip(COLUMNS, line.split(), strict=True):
        value = "" if word == NONE else word
        if name in LISTS:
            row[name] = value.split(",") if value else []
        else:
            row[name] = value == "decides" if name == "decides" else value
    return row


def written(text: str) -> migrations.RunPython:
    """A migration step that replaces what the database knows of the procedures in these lines."""
    rows = [row_of(line) for line in text.strip().splitlines()]

    def write(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        model = apps.get_model("workflow", "Transition")
        schema_editor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        model.objects.filter(kind__in={row["kind"] for row in rows}).delete()
        model.objects.bulk_create(model(**row) for row in rows)
        schema_editor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")

    return migrations.RunPython(write, migrations.RunPython.noop)


Cells = tuple[str, str, str, str, bool, frozenset[str], frozenset[str], frozenset[str], str]
NOBODY: frozenset[str] = frozenset()


def _line(kind: str, *cells: object) -> str:
    words = []
    for cell in cells:
        if isinstance(cell, frozenset):
            words.append(",".join(sorted(cell)) or NONE)
        else:
            words.append("decides" if cell is True else str(cell or NONE))
    return " ".join([kind, *words])


def _own_steps(machine: Machine) -> list[Cells]:
    return [
        (
            step.source, step.name, step.target, str(step.way), step.decides,
            frozenset(str(role) for role in step.roles), step.not_same_hand_as,
            machine.posting_steps(step.source), step.notice,
        )
        for step in machine.steps
    ]  # fmt: skip


def _openings(machine: Machine) -> list[Cells]:
    openers = frozenset(str(role) for role in machine.openers)
    return [
        ("", OPEN, start, str(Way.FORWARD), False, openers, NOBODY, NOBODY, "")
        for start in set(machine.starts.values())
    ]


def _amendments(machine: Machine) -> list[Cells]:
    """Facts are replaced where a decision is still to come and none of them stood on a notice."""
    openers = frozenset(str(role) for role in machine.openers)
    kept = machine.settled | noticed_states(machine)
    way = str(Way.WITHDRAW)
    return [
        (state, AMEND, machine.restarts.get(state, state), way, False, openers, NOBODY, NOBODY, "")
        for state in machine.states
        if machine.awaits_decision(state) and state not in kept
    ]


def _endings(machine: Machine) -> list[Cells]:
    """What ends a case by the decision on another one, wherever it could be withdrawn."""
    deciders = frozenset(str(role) for role in DECIDERS)
    return [
        (step.source, END, step.target, str(Way.WITHDRAW), False, deciders, NOBODY, NOBODY, "")
        for step in machine.steps
        if step.way == Way.WITHDRAW
    ]


def noticed_states(machine: Machine) -> frozenset[str]:
    """The states in which the facts stand on a notice, or stood on one and stay as they are."""
    posting = (step for step in machine.steps if step.notice)
    return frozenset().union(*(states_behind(machine, step) for step in posting))
