"""What the texts of a push mean, and the names of the places where they stand."""

from collections.abc import Callable
from datetime import date
from typing import Any

from exchange.items import END_FIELDS
from exchange.records import plain
from households.api.shapes import FIGURES, HOUSEHOLD_FIELDS, PERSON_FIELDS
from households.entry import fields
from households.entry.content import Value
from households.entry.judged import as_text
from households.importing.cells import BadCell
from households.importing.template import rules as column_rules

HOUSEHOLD, MEMBER, SURVEY = "household", "member", "survey"
VILLAGE = "village"
JOIN, RETURN, END, LINES, REASON = "join", "return", "end", "lines", "reasons."
"""Differences of more than one field: somebody who joins or is back after an end, an end, all
lines; a reason by figure.
"""

FAULTY = object()


class Meanings:
    """What texts mean by the rules of the entry table, each text looked up once."""

    def __init__(self, today: date):
        of = {step: fields.rules(step, today=today, year=today.year) for step in fields.STEPS}
        ends = column_rules(today=today, year=today.year)
        self.rules: dict[tuple[str, str], Callable[[str], Any]] = {
            **{(HOUSEHOLD, one.name): of[one.step][one.name] for one in HOUSEHOLD_FIELDS},
            **{(MEMBER, one.name): of[one.step][one.name] for one in PERSON_FIELDS},
            **{(MEMBER, one.name): ends[one.column] for one in END_FIELDS},
            **{(SURVEY, name): of[fields.INCOMES][name] for name in FIGURES},
            **{(SURVEY, name): of[fields.LIVING][name] for name in fields.BY_STEP[fields.LIVING]},
            **{(LINES, name): rule for name, rule in fields.line_rules().items()},
            (REASON, ""): fields.reason_rule(),
        }
        self.known: dict[tuple[str, str, str], Any] = {}

    def of(self, kind: str, name: str, value: Value) -> Any:
        """The value of a text; None for a blank, FAULTY for one that the rules refuse."""
        if not value:
            return None
        key = (kind, name, as_text(value))
        if key not in self.known:
            text = key[2].strip()
            self.known[key] = self._meant(kind, name, text) if text else None
        return self.known[key]

    def _meant(self, kind: str, name: str, text: str) -> Any:
        try:
            found = plain(self.rules[kind, name](text))
        except BadCell:
            return FAULTY
        return found or None if isinstance(found, tuple) else found
