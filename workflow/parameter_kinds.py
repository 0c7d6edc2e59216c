"""What a policy parameter can hold: a number, a share, days of the year, a word, an account.

No Django here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from workflow.machine import gettext_noop

EVERY_YEAR = 2001  # no leap year: a day that it has, every year has
USERNAME = re.compile(r"[a-z0-9@.+_-]{0,50}")
WRITTEN_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")


def day_in(year: int, written: str) -> date:
    """The day of a year that is written as month and day, 10-01. Raises ValueError for no day."""
    return date.fromisoformat(f"{year:04d}-{written}")


def is_day(written: Any) -> bool:
    """Whether it is a day, written 10-01, that every year has."""
    if not (isinstance(written, str) and WRITTEN_DAY.fullmatch(written)):
        return False
    try:
        day_in(EVERY_YEAR, written)
    except ValueError:
        return False
    return True


class Setting(StrEnum):
    """Who may set a parameter, and what holds where several divisions speak.

    FREE: each division for itself, the nearest wins. STRICTER: a nearer one asks for no less than
    the wider ones, the highest value holds. BY_TWO: what counties are judged by; the province alone
    sets it, one officer writes it and another one confirms it.
    """

    FREE = "free"
    STRICTER = "stricter"
    BY_TWO = "by two"


@dataclass(frozen=True)
class Parameter:
    """A whole number between two limits, both included."""

    label: str
    least: int
    most: int
    setting: Setting = Setting.FREE

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set."""
        return type(value) is int and self.least <= value <= self.most

    @property
    def limits(self) -> str:
        return f"{self.least}–{self.most}"

    @property
    def advice(self) -> str:
        return gettext_noop("Enter a whole number from %(least)s to %(most)s.")

    @property
    def figures(self) -> Mapping[str, int]:
        """What the advice names."""
        return {"least": self.least, "most": self.most}


@dataclass(frozen=True)
class Share:
    """A share of a whole, written [2, 3] for two thirds; `least` and `most` bound the second."""

    label: str
    least: int = 1
    most: int = 100
    setting: Setting = Setting.FREE

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set."""
        if not (isinstance(value, list) and [type(part) for part in value] == [int, int]):
            return False
        part, whole = value
        return self.least <= whole <= self.most and 0 < part <= whole

    @property
    def limits(self) -> str:
        return "a share, written [2, 3]"

    @property
    def advice(self) -> str:
        return gettext_noop("Enter a share, such as 2 of 3 for two thirds.")

    @property
    def figures(self) -> Mapping[str, int]:
        """What the advice names: nothing."""
        return {}


@dataclass(frozen=True)
class Window:
    """Some days of every year, first and last included, written ["10-01", "10-31"]."""

    label: str
    setting: Setting = Setting.FREE

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set; both days lie in one year, so the first is not after."""
        if not (isinstance(value, list) and len(value) == 2 and all(map(is_day, value))):
            return False
        first, last = value
        return first <= last

    @property
    def limits(self) -> str:
        return 'two days of one year, written ["10-01", "10-31"]'

    @property
    def advice(self) -> str:
        return gettext_noop(
            "Enter two days as month and day, such as 10-01 and 10-31, the first not after the"
            " last. 29 February is missing in most years."
        )

    @property
    def figures(self) -> Mapping[str, int]:
        """What the advice names: nothing."""
        return {}


@dataclass(frozen=True)
class Deadline:
    """The last day, in every year, on which something can be done in time, written "12-31"."""

    label: str
    setting: Setting = Setting.FREE

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set."""
        return is_day(value)

    @property
    def limits(self) -> str:
        return 'a day, written "12-31"'

    @property
    def advice(self) -> str:
        return gettext_noop(
            "Enter a day as month and day, such as 12-31. 29 February is missing in most years."
        )

    @property
    def figures(self) -> Mapping[str, int]:
        """What the advice names: nothing."""
        return {}


@dataclass(frozen=True)
class Choice:
    """One of a few words, each with its label."""

    label: str
    words: tuple[tuple[str, str], ...]
    setting: Setting = Setting.FREE

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set."""
        return isinstance(value, str) and value in dict(self.words)

    @property
    def limits(self) -> str:
        return ", ".join(word for word, _label in self.words)

    @property
    def advice(self) -> str:
        return gettext_noop("Choose one of the list.")

    @property
    def figures(self) -> Mapping[str, int]:
        """What the advice names: nothing."""
        return {}


@dataclass(frozen=True)
class Account:
    """The user name of an account, or "" for none."""

    label: str
    setting: Setting = Setting.FREE

    def allows(self, value: Any) -> bool:
        """Whether `value` can be set."""
        return isinstance(value, str) and bool(USERNAME.fullmatch(value))

    @property
    def limits(self) -> str:
        return "the user name of a machine client, or nothing"

    @property
    def advice(self) -> str:
        return gettext_noop("Enter the user name of a machine client, or leave it empty.")

    @property
    def figures(self) -> Mapping[str, int]:
        """What the advice names: nothing."""
        return {}


Known = Parameter | Share | Window | Deadline | Choice | Account


def amount(value: int | list[int]) -> Fraction:
    """How much a number or a share asks for."""
    return Fraction(*value) if isinstance(value, list) else Fraction(value)
