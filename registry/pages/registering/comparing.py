"""Two versions of one step side by side, and the one that an officer makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from households.entry.content import StepContent, Value, differing
from registry.pages.registering.forms.base import StepForm, labelled
from registry.pages.registering.showing import shown

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Difference:
    """One field that two officers typed differently; `key` names the choice between them."""

    key: str
    label: str
    mine: str
    theirs: str


def key_of(row: int | None, name: str) -> str:
    """The name of the choice for a field: take-2-name of a row, take-name without."""
    return f"take-{name}" if row is None else f"take-{row}-{name}"


def differences(form: StepForm, mine: StepContent, theirs: StepContent) -> list[Difference]:
    """What the two versions hold differently, in words."""
    found = []
    for row, name in differing(mine, theirs):
        label = str(form.label_of(name))
        if row is not None:
            label = labelled(form.name_of_row(row, mine, theirs), label)
        found.append(
            Difference(
                key_of(row, name),
                label,
                shown(form.step, name, _at(mine, row, name)),
                shown(form.step, name, _at(theirs, row, name)),
            )
        )
    return found


def _at(content: StepContent, row: int | None, name: str) -> Value:
    if row is None:
        return content.values.get(name, "")
    return content.rows[row].get(name, "") if row < len(content.rows) else ""


def merged(mine: StepContent, theirs: StepContent, chosen: Mapping[str, Any]) -> StepContent:
    """My version with those fields of the other that were chosen."""
    values = dict(mine.values)
    rows = [dict(row) for row in mine.rows]
    for row, name in differing(mine, theirs):
        if chosen.get(key_of(row, name)) != THEIRS:
            continue
        if row is None:
            values[name] = _at(theirs, row, name)
        else:
            rows += [{} for _ in range(row + 1 - len(rows))]
            rows[row][name] = str(_at(theirs, row, name))
    return StepContent(0, values, tuple(rows))
