"""Identity numbers: GB 11643 resident IDs (18) and disability certificates (20 or 22).

The region is not judged: the code on a card is that of the place where the number was given.
No Django here; the reasons are English msgids, translated where they are shown.
"""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
EARLIEST_BIRTH = date(1900, 1, 1)
SHAPE = re.compile(r"([0-9]{17}[0-9X])([1-7][1-4]([0-9A-Z]{2})?)?")
MALE, FEMALE = "1", "2"


def gettext_noop(text: str) -> str:
    """Mark a reason for the translation catalogue."""
    return text


class InvalidNumber(ValueError):
    """The text is no ID or certificate number; its argument is the reason."""


@dataclass(frozen=True)
class Identity:
    number: str
    birth_date: date
    sex: str

    @property
    def person(self) -> str:
        """The first 18 characters: an ID and a certificate of one person share them."""
        return self.number[:18]


def check_digit(first17: str) -> str:
    """The 18th character of an ID. Source: GB 11643, ISO 7064 MOD 11-2."""
    return CHECK_DIGITS[sum(map(mul, map(int, first17), WEIGHTS)) % 11]


def read_identity(text: str, *, today: date) -> Identity:
    """What an ID or certificate number says; a lower-case x is accepted.

    Raises InvalidNumber with the first reason: shape, birth date (1900-01-01 to `today`), check
    digit.
    """
    number = text.upper()
    if not SHAPE.fullmatch(number):
        raise InvalidNumber(_shape_reason(number))
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidNumber(gettext_noop("the birth date in it does not exist")) from None
    if not EARLIEST_BIRTH <= birth <= today:
        raise InvalidNumber(gettext_noop("the birth date in it lies before 1900 or in the future"))
    if check_digit(number[:17]) != number[17]:
        raise InvalidNumber(
            gettext_noop(
                "the check digit is wrong: compare it with the card; in a spreadsheet, format the"
                " column as text"
            )
        )
    return Identity(number, birth, MALE if int(number[16]) % 2 else FEMALE)


def _shape_reason(number: str) -> str:
    if len(number) in (20, 22) and SHAPE.match(number):
        return gettext_noop("the certificate ends with a type 1–7 and a grade 1–4")
    return gettext_noop(
        "it must have 18 characters (ID) or 20 or 22 (disability certificate), digits and a last"
        " X only"
    )
