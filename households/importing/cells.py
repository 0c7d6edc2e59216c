"""What one cell of the template may hold: one rule for a file, a form and the REST door.

A rule takes the trimmed, non-blank text and gives the value, or raises BadCell with a reason code.
Money becomes integer fen. No database and no clock here: `today` and `year` come in.

Source: register template, the table of columns.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from households import codes
from households.identity import Identity, InvalidNumber, gettext_noop, read_identity

Rule = Callable[[str], Any]

FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
SHORTENED = re.compile(r"-?[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2}")
VILLAGE = re.compile("[0-9]{12}")
HOUSEHOLD_NUMBER = re.compile("[0-9A-Za-z-]{1,20}")
DATE = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
MONTHS = re.compile("[0-9]|0[0-9]|1[0-2]")
PHONE = re.compile("[0-9]{11}")
YEAR = re.compile("[0-9]{4}")
MONEY = re.compile(r"([0-9]{1,8})(?:\.([0-9]{1,2}))?")
COMMA = re.compile("[,，]")
NAME_LIMIT, GROUP_LIMIT, PERSON_NUMBER_LIMIT = 50, 50, 24
INVISIBLE = ("Cc", "Cf", "Co")
MARRIAGE = "12"
NOT_IN_SCHOOL = "01"
OTHER_CAUSES_LIMIT = 2
CAPITALS = gettext_noop("the letters after the 18th character must be capitals")


class BadCell(ValueError):
    """The text breaks the rule of its column; `code` names the reason (`reasons.say`)."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code = code
        self.params = params


def half_width(rule: Rule) -> Rule:
    """`rule`, with advice of its own for full-width text and for what a spreadsheet shortened."""

    def guarded(text: str) -> Any:
        if "+" in text and SHORTENED.fullmatch(text):
            raise BadCell("shortened")
        try:
            return rule(text)
        except BadCell:
            if FULL_WIDTH.search(text):
                raise BadCell("full_width") from None
            raise

    return guarded


def matched(pattern: re.Pattern[str], code: str) -> Rule:
    """Text of exactly this form, kept as it is."""

    def rule(text: str) -> str:
        if not pattern.fullmatch(text):
            raise BadCell(code)
        return text

    return rule


def listed(field: str) -> Rule:
    """A code of the list `field`, from the code or either label, exactly as written there."""
    by_text = codes.by_text(field)

    def rule(text: str) -> str:
        if text not in by_text:
            raise BadCell("not_listed")
        return by_text[text]

    return rule


def number_of(field: str) -> Rule:
    """Like `listed`, for lists whose codes are numbers (guarantee, status)."""
    by_text = {text: int(code) for text, code in codes.by_text(field).items()}

    def rule(text: str) -> int:
        if text not in by_text:
            raise BadCell("not_listed")
        return by_text[text]

    return rule


def yes_no(text: str) -> bool:
    """Yes or no, as label or as 1 and 0."""
    code = codes.by_text("yes_no").get(text)
    if code is None:
        raise BadCell("not_yes_no")
    return code == "1"


def free_text(limit: int) -> Rule:
    """Any text up to `limit` characters, without full-width digits and letters."""

    def rule(text: str) -> str:
        if FULL_WIDTH.search(text):
            raise BadCell("full_width")
        if "\0" in text:
            raise BadCell("not_storable")
        if len(text) > limit:
            raise BadCell("too_long", limit=limit)
        return text

    return rule


def name(text: str) -> str:
    """A person's name, byte for byte; full-width characters are allowed, formulas are not."""
    if len(text) > NAME_LIMIT:
        raise BadCell("too_long", limit=NAME_LIMIT)
    if text[0] in "=+-@":
        raise BadCell("name_formula")
    if any(unicodedata.category(character) in INVISIBLE for character in text):
        raise BadCell("name_invisible")
    return text


def id_number(today: date) -> Rule:
    """An 18-character ID or a certificate of 20 or 22; only the x may be lower-case."""

    def rule(text: str) -> Identity:
        try:
            identity = read_identity(text, today=today)
        except InvalidNumber as invalid:
            raise BadCell("id_number", why=str(invalid)) from None
        if text[18:] != identity.number[18:]:
            raise BadCell("id_number", why=CAPITALS)
        return identity

    return rule


def past_date(today: date) -> Rule:
    """YYYY-MM-DD, an existing day, not after `today`."""

    def rule(text: str) -> date:
        parts = DATE.fullmatch(text)
        if not parts:
            raise BadCell("date_form")
        try:
            day = date(*map(int, parts.groups()))
        except ValueError:
            raise BadCell("date_form") from None
        if day > today:
            raise BadCell("date_future")
        return day

    return rule


def months(text: str) -> int:
    """Whole months worked in the year, 0 to 12."""
    if not MONTHS.fullmatch(text):
        raise BadCell("months")
    return int(text)


def exit_year(year: int) -> Rule:
    """A year in four digits, not after the year of the file."""

    def rule(text: str) -> int:
        if not YEAR.fullmatch(text):
            raise BadCell("year_form")
        if int(text) > year:
            raise BadCell("year_late", year=year)
        return int(text)

    return rule


def money(text: str) -> int:
    """Yuan with at most two decimals, in fen; no sign, no thousands comma."""
    parts = MONEY.fullmatch(text)
    if not parts:
        raise BadCell("money")
    yuan, decimals = parts.groups(default="")
    return int(yuan) * 100 + int(decimals.ljust(2, "0"))


def signed_money(text: str) -> int:
    """Like `money`, with a leading minus allowed."""
    try:
        return -money(text[1:]) if text.startswith("-") else money(text)
    except BadCell:
        raise BadCell("money_signed") from None


def main_cause(text: str) -> str:
    """One cause of the list, not marriage."""
    code = listed("cause")(text)
    if code == MARRIAGE:
        raise BadCell("marriage_main")
    return code


def other_causes(text: str) -> tuple[str, ...]:
    """Up to two causes, a comma of either width between them, in code order and each once."""
    parts = COMMA.split(text)
    if len(parts) > OTHER_CAUSES_LIMIT:
        raise BadCell("many_causes")
    rule = listed("cause")
    return tuple(sorted({rule(part.strip()) for part in parts}))


def in_school(text: str) -> str:
    """A grade; "not in school" becomes the empty text, which clears the value on record."""
    code = listed("in_school")(text)
    return "" if code == NOT_IN_SCHOOL else code
