"""The columns of the template of village records, and what a cell may hold."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import get_language

from households.importing import cells
from households.importing.cells import BadCell, Rule
from households.importing.template import REPORT_COLUMNS, Layout, WrongHeadings
from households.village_fields import MOST_NUMBER, Kind, fields

VILLAGE, YEAR, REASON = "village_code", "year", "reason"
OWN = {
    VILLAGE: ("行政村代码", "village_code", "aar006"),
    YEAR: ("年度", "year"),
    REASON: ("更正理由", "reason"),
}
"""The columns beside the figures with their headings, the Chinese one first."""

NUMBER = re.compile("[0-9]{1,8}")
DECIMAL = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
YEAR_FORM = re.compile("[0-9]{4}")
REASON_LIMIT = 200


def columns() -> list[str]:
    """The keys of all columns in their order: the village, the year, the figures, the reason."""
    return [VILLAGE, YEAR, *fields(), REASON]


@cache
def by_heading() -> dict[str, str]:
    """Every heading, in small letters, with the column that it names."""
    found = {heading: key for key, own in OWN.items() for heading in own}
    return found | {heading: name for name, one in fields().items() for heading in one.headings()}


def headings() -> list[str]:
    """The headings of a file for readers of the active language; both import alike."""
    chinese = (get_language() or "").startswith("zh")
    known = fields()
    return [(OWN[key][0] if key in OWN else known[key].zh) if chinese else key for key in columns()]


def read_headings(record: Sequence[str]) -> Layout:
    """The layout of a file. Raises WrongHeadings when village or year is missing, or one is twice.

    Case and surrounding blanks do not matter; the two columns of an error report are passed over.
    """
    places: dict[str, int] = {}
    unknown, twice = [], []
    for place, heading in enumerate(record):
        key = by_heading().get(heading.strip().lower())
        if key is None:
            unknown += [] if heading.strip() in REPORT_COLUMNS else [heading.strip()]
        elif key in places:
            twice.append(heading.strip())
        else:
            places[key] = place
    if twice:
        raise WrongHeadings("column_twice", twice)
    missing = [f"{OWN[key][0]} {key}" for key in (VILLAGE, YEAR) if key not in places]
    if missing:
        raise WrongHeadings("column_missing", missing)
    return Layout(tuple(record), places, tuple(unknown))


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text) or int(text) > MOST_NUMBER:
        raise BadCell("village_number")
    return int(text)


def _decimal(text: str) -> Decimal:
    if not DECIMAL.fullmatch(text):
        raise BadCell("village_decimal")
    return Decimal(text)


def _year(text: str) -> int:
    if not YEAR_FORM.fullmatch(text):
        raise BadCell("year_form")
    return int(text)


RULES: dict[Kind, Rule] = {
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.FLAG: cells.yes_no,
}


def rules() -> dict[str, Rule]:
    """The rule of each column."""
    own: dict[str, Rule] = {
        VILLAGE: cells.matched(cells.VILLAGE, "digits_12"),
        YEAR: _year,
        REASON: cells.free_text(REASON_LIMIT),
    }
    figures = {name: RULES[one.kind] for name, one in fields().items()}
    return {key: cells.half_width(rule) for key, rule in (own | figures).items()}


def cell_of(value: Any) -> str:
    """A figure as a file writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
