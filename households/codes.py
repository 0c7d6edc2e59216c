"""The code lists of the register, as data: households/data/codes.csv.

Another country replaces the file. A label is shown in the language of the page.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise, lazystr
from django.utils.translation import get_language

SOURCE = Path(__file__).parent / "data" / "codes.csv"


@dataclass(frozen=True)
class Code:
    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en


@cache
def tables() -> dict[str, dict[str, Code]]:
    """Field name → code → labels, in the order of the file."""
    found: dict[str, dict[str, Code]] = {}
    with SOURCE.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["field"], {})[row["code"]] = Code(
                row["code"], row["zh"], row["en"]
            )
    return found


def label(field: str, code: str) -> str:
    """The label of a code in the active language; the code itself when it is not listed."""
    return str(tables()[field].get(code, code)) if code else ""


def choices(field: str) -> list[tuple[str, Promise]]:
    """Choices of a model or form field; labels follow the language of each request."""
    return [(code, lazystr(entry)) for code, entry in tables()[field].items()]


@cache
def by_text(field: str) -> dict[str, str]:
    """Every text that names a code, exactly as written: the code and both labels."""
    return {
        text: code for code, entry in tables()[field].items() for text in (code, entry.zh, entry.en)
    }
