"""The figures of a village's record, as data: households/data/village_fields.csv.

Another country replaces the file. A label is shown in the language of the page.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

SOURCE = Path(__file__).parent / "data" / "village_fields.csv"
MOST_NUMBER = 10_000_000
DECIMAL_DIGITS, DECIMAL_PLACES = 12, 2

Value = int | Decimal | bool
"""A whole number, a number with at most two places, or yes and no."""


class Kind(StrEnum):
    """What a figure is: a whole number, a number with two places, yes or no."""

    NUMBER = "number"
    DECIMAL = "decimal"
    FLAG = "flag"


@dataclass(frozen=True)
class Field:
    """One figure; `code` is that of the national data model, `part` a key of PARTS."""

    name: str
    code: str
    zh: str
    en: str
    kind: Kind
    part: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en

    def headings(self) -> tuple[str, ...]:
        """The headings that name this figure in a file, in small letters."""
        return tuple(text.lower() for text in (self.zh, self.name, self.code))


PARTS: dict[str, Promise] = {
    "people": _("People"),
    "land": _("Land"),
    "economy": _("Economy"),
    "social": _("Social insurance"),
    "infrastructure": _("Infrastructure"),
    "services": _("Public services"),
    "officers": _("Village officers"),
}
"""In the order of the form."""

WITHIN = {
    "rural_population": "population",
    "allowance_households": "households",
    "five_guarantee_households": "households",
    "allowance_population": "population",
    "minority_population": "population",
    "women": "population",
    "disabled": "population",
    "labourers": "population",
    "migrant_workers": "population",
    "irrigated_mu": "arable_mu",
    "unsafe_water_households": "households",
    "difficult_water_households": "households",
    "dangerous_house_households": "households",
    "tourism_households": "households",
    "broadband_households": "households",
    "mobile_households": "households",
    "powered_villages": "natural_villages",
}
"""Figures that count a part of another one."""


@cache
def fields() -> dict[str, Field]:
    """The figures by name, in the order of the file."""
    with SOURCE.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["name"]: Field(
            row["name"], row["code"], row["zh"], row["en"], Kind(row["kind"]), row["part"]
        )
        for row in rows
    }


def read(values: Mapping[str, Any]) -> dict[str, Value]:
    """The figures of a record as it is kept: decimals stand there as text."""
    known = fields()
    return {
        name: Decimal(value) if known[name].kind == Kind.DECIMAL else value
        for name, value in values.items()
        if name in known
    }


def kept(values: Mapping[str, Value | None]) -> dict[str, Any]:
    """The figures as a record keeps them; what is unknown is left out."""
    known = fields()
    return {
        name: f"{values[name]:.{DECIMAL_PLACES}f}" if one.kind == Kind.DECIMAL else values[name]
        for name, one in known.items()
        if values.get(name) is not None
    }


def larger_than_whole(values: Mapping[str, Value | None]) -> dict[str, Field]:
    """The figures that exceed what they are a part of, with that other figure."""
    known = fields()
    found = {}
    for part, whole in WITHIN.items():
        one, other = values.get(part), values.get(whole)
        if one is not None and other is not None and one > other:
            found[part] = known[whole]
    return found


def in_words(value: Any) -> str:
    """A figure as a page writes it; a dash for unknown."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return f"{value:,}" if isinstance(value, int) else str(value)
