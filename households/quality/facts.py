"""What soft rules look at: plain values of one household and year, no name and no number.

Codes are those of `households.codes`, "" for unknown; money is fen, None for unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from households.rules import EXPENSE, INCOMES

FULL_LABOUR = ("01", "02")
NOT_IN_SCHOOL = "01"
SCHOOL_AGES = range(6, 16)
WORKING_AGES = range(16, 60)
OLD = 60


@dataclass(frozen=True)
class PersonFacts:
    """A member. `key` names him to the caller; type and grade are of a disability certificate."""

    key: int | None
    relation: str
    sex: str = ""
    born: date | None = None
    age: int | None = None
    has_id: bool = True
    cert_type: str = ""
    cert_grade: str = ""
    ethnicity: str = ""
    education: str = ""
    in_school: str = ""
    out_of_school_reason: str = ""
    health: str = ""
    labour: str = ""
    work_place: str = ""
    work_months: int | None = None
    medical_insurance: bool | None = None
    critical_illness_insurance: bool | None = None
    pension_insurance: bool | None = None
    allowance: bool | None = None

    @property
    def is_student(self) -> bool:
        """Whether he is in some school."""
        return self.in_school not in ("", NOT_IN_SCHOOL)

    @property
    def works(self) -> bool:
        """Whether he worked a month or more."""
        return bool(self.work_months)

    @property
    def full_labour(self) -> bool:
        """Whether he is able to work fully."""
        return self.labour in FULL_LABOUR

    def is_aged(self, first: int, last: int) -> bool:
        """Whether his age is known and between the two, both included."""
        return self.age is not None and first <= self.age <= last


@dataclass(frozen=True)
class HouseholdFacts:
    """A household of one year. `before` are last year's five figures, empty without a survey.

    `lines` are (kind, item, fen); `conditions` the living conditions that are known; `watched` says
    that a watch case is open, `phone_elsewhere` that another county has the same phone.
    """

    persons: tuple[PersonFacts, ...]
    state: int
    attribute: str = ""
    main_cause: str = ""
    other_causes: tuple[str, ...] = ()
    housing_grade: str = ""
    has_phone: bool = True
    phone_elsewhere: bool = False
    watched: bool = False
    surveyed: bool = True
    money: Mapping[str, int | None] = field(default_factory=dict)
    before: Mapping[str, int | None] = field(default_factory=dict)
    persons_before: int = 0
    guarantees: Mapping[str, int | None] = field(default_factory=dict)
    conditions: Mapping[str, str | bool | Decimal | None] = field(default_factory=dict)
    lines: tuple[tuple[str, str, int], ...] = ()
    line_fen: int | None = None

    @property
    def size(self) -> int:
        """How many people it has."""
        return len(self.persons)

    @property
    def causes(self) -> tuple[str, ...]:
        """The main cause and the others."""
        return tuple(one for one in (self.main_cause, *self.other_causes) if one)

    @property
    def net(self) -> int | None:
        """Net income in fen; None while a figure is unknown."""
        return net_of(self.money)

    @property
    def net_before(self) -> int | None:
        """Last year's."""
        return net_of(self.before)

    def figure(self, name: str) -> int:
        """A figure in fen, 0 for unknown."""
        return self.money.get(name) or 0

    def item(self, name: str) -> int:
        """What the lines of one item add up to, in fen."""
        return sum(fen for _kind, item, fen in self.lines if item == name)

    def condition(self, name: str) -> str | bool | Decimal | None:
        """A living condition; None for unknown."""
        value = self.conditions.get(name)
        return None if value == "" else value


def net_of(money: Mapping[str, int | None]) -> int | None:
    """Incomes less expense in fen; None while one is unknown."""
    values = [money.get(name) for name in INCOMES]
    expense = money.get(EXPENSE)
    if expense is None or any(value is None for value in values):
        return None
    return sum(value for value in values if value is not None) - expense
