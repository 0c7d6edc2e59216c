"""One cell of the template: its value, or the kind of fault it has."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from tests.oracle.columns import Column, code_field, codes

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
MONEY = re.compile(r"([0-9]{1,8})(?:\.([0-9]{1,2}))?")


class BadCellError(Exception):
    """A cell that the contract refuses; the text is the kind of fault."""


def read_cell(column: Column, text: str, *, year: int, today: date) -> object:
    """The value of a cell, None when it is blank. Raises BadCellError."""
    text = text.strip()
    if text == "":
        return None
    if column.kind != "name" and FULL_WIDTH.search(text):
        raise BadCellError("full-width")
    if column.kind in ("code", "yes_no", "guarantee"):
        return read_code(code_field(column), text, column.name)
    if column.kind == "date":
        return read_date(text, today)
    if column.kind == "id":
        return read_id(text, today)
    if column.kind == "year":
        return read_year(text, year)
    if column.kind == "money":
        return read_money(text, signed=column.name == "per_capita_net_income")
    return READERS[column.kind](text)


def read_code(field: str, text: str, name: str = "") -> str | None:
    """The code that a code or either of its labels names, exactly as written."""
    for code, labels in codes(field).items():
        if text == code or text in labels:
            return "blank" if (name, code) == ("in_school", "01") else code
    raise BadCellError("code")


def read_village(text: str) -> str:
    if not re.fullmatch("[0-9]{12}", text):
        raise BadCellError("village")
    return text


def read_number(text: str) -> str:
    if not re.fullmatch("[0-9A-Za-z-]{1,20}", text):
        raise BadCellError("number")
    return text


def read_name(text: str) -> str:
    """1–50 characters; no formula, no control, format or private-use character."""
    if len(text) > 50 or text[0] in "=+-@":
        raise BadCellError("name")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co") for character in text):
        raise BadCellError("name")
    return text


def read_months(text: str) -> int:
    if not re.fullmatch("[0-9]|1[0-2]", text):
        raise BadCellError("months")
    return int(text)


def read_phone(text: str) -> str:
    if not re.fullmatch("[0-9]{11}", text):
        raise BadCellError("phone")
    return text


def read_main_cause(text: str) -> str:
    code = read_code("cause", text)
    if code == "12":
        raise BadCellError("cause")
    return str(code)


def read_other_causes(text: str) -> tuple[str, ...]:
    """At most two codes or labels; their order means nothing."""
    found = tuple(sorted(str(read_code("cause", part.strip())) for part in re.split("[,，]", text)))
    if len(found) > 2:
        raise BadCellError("causes")
    return found


def read_year(text: str, latest: int) -> int:
    if not re.fullmatch("[0-9]{4}", text) or int(text) > latest:
        raise BadCellError("year")
    return int(text)


def read_money(text: str, *, signed: bool) -> int:
    """Whole fen."""
    sign = 1
    if signed and text.startswith("-"):
        sign, text = -1, text[1:]
    match = MONEY.fullmatch(text)
    if not match:
        raise BadCellError("money")
    return sign * (int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")))


def read_date(text: str, today: date) -> date:
    match = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if not match:
        raise BadCellError("date")
    return real_date(*match.groups(), today=today)


def real_date(year: str, month: str, day: str, *, today: date) -> date:
    """A date of the calendar that has come."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise BadCellError("date") from None
    if found > today:
        raise BadCellError("future")
    return found


def read_id(text: str, today: date) -> str:
    """An ID number or certificate, its x upper-cased."""
    if len(text) not in (18, 20, 22) or not re.fullmatch("[0-9]{17}[0-9Xx]", text[:18]):
        raise BadCellError("id")
    first18 = text[:18].upper()
    born = real_date(first18[6:10], first18[10:12], first18[12:14], today=today)
    if born < date(1900, 1, 1):
        raise BadCellError("id date")
    if first18[17] != check_character(first18[:17]):
        raise BadCellError("checksum")
    rest = text[18:]
    if not re.fullmatch("|[1-7][1-4]|[1-7][1-4][0-9A-Z]{2}", rest):
        raise BadCellError("certificate")
    return first18 + rest


def check_character(first17: str) -> str:
    """GB 11643: the weighted sum modulo 11 picks the last character."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def sex_of(id_number: str) -> str:
    """1 for an odd 17th digit, 2 for an even one."""
    return "1" if int(id_number[16]) % 2 else "2"


def birth_of(id_number: str) -> date:
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


READERS: dict[str, Callable[[str], object]] = {
    "village": read_village,
    "number": read_number,
    "name": read_name,
    "months": read_months,
    "phone": read_phone,
    "cause": read_main_cause,
    "causes": read_other_causes,
    "text": str,
}
