"""What a draft holds: six steps, exactly as typed. No Django and no judgement here.

    {"household": {"version": 3, "values": {"group": "一组", "phone": "…"}, "rows": []},
     "members":   {"version": 1, "values": {}, "rows": [{"name": "…", "id_number": "…"}, …]},
     "incomes":   {… "values": {"none_property_income": "1", "reason_wage_income": "…"},
                   "rows": [{"kind": "wage_income", "item": "…", "amount": "…"}, …]},
     "living": …, "causes": …, "consent": …}

A value is a text, or a list of texts where several can be ticked. `version` counts the saves of a
step that changed it: 0 is a step that nobody has saved.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from households.entry.fields import STEPS

Value = str | list[str]
MOST_ROWS = 60
LONGEST_TEXT = 2000


class TooMuch(ValueError):
    """More rows or longer texts than any household needs."""


@dataclass(frozen=True)
class StepContent:
    """One step as typed."""

    version: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()

    def same_as(self, other: "StepContent") -> bool:
        """Whether both hold the same texts, whatever their versions."""
        return dict(self.values) == dict(other.values) and [*self.rows] == [*other.rows]


@dataclass(frozen=True)
class Content:
    """All six steps."""

    steps: Mapping[str, StepContent] = field(default_factory=dict)

    def step(self, name: str) -> StepContent:
        """One step; an empty one when nobody has saved it."""
        return self.steps.get(name, StepContent())

    def with_step(self, name: str, content: StepContent) -> "Content":
        """The same with one step replaced."""
        if name not in STEPS:
            raise KeyError(name)
        return Content({**self.steps, name: content})

    @property
    def head(self) -> Mapping[str, str]:
        """The first row of the members that says head, else the first one, else nothing."""
        rows = self.step("members").rows
        return next((row for row in rows if row.get("relation") == "01"), rows[0] if rows else {})


def plain(values: Mapping[str, Value], rows: Iterable[Mapping[str, str]]) -> StepContent:
    """A step as it is kept: blanks left out, empty rows dropped. Raises TooMuch."""
    kept_rows = tuple(kept for row in rows if (kept := _kept(row)))
    if len(kept_rows) > MOST_ROWS:
        raise TooMuch(MOST_ROWS)
    return StepContent(0, _kept(values), kept_rows)


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if value not in ("", [], None)}
    for value in kept.values():
        if sum(map(len, [value] if isinstance(value, str) else value)) > LONGEST_TEXT:
            raise TooMuch(LONGEST_TEXT)
    return kept


def packed(content: Content) -> str:
    """The content as the text that is sealed."""
    steps = {
        name: {"version": one.version, "values": dict(one.values), "rows": [*map(dict, one.rows)]}
        for name, one in content.steps.items()
    }
    return json.dumps(steps, ensure_ascii=False, sort_keys=True)


def unpacked(text: str) -> Content:
    """The content of such a text."""
    return Content(
        {
            name: StepContent(one["version"], one["values"], tuple(one["rows"]))
            for name, one in json.loads(text).items()
        }
    )


def differing(mine: StepContent, theirs: StepContent) -> list[tuple[int | None, str]]:
    """What two versions of a step hold differently: (row or None, name), in order."""
    found: list[tuple[int | None, str]] = [
        (None, name)
        for name in sorted({*mine.values, *theirs.values})
        if mine.values.get(name) != theirs.values.get(name)
    ]
    for place in range(max(len(mine.rows), len(theirs.rows))):
        one = mine.rows[place] if place < len(mine.rows) else {}
        two = theirs.rows[place] if place < len(theirs.rows) else {}
        found += [(place, key) for key in sorted({*one, *two}) if one.get(key) != two.get(key)]
    return found
