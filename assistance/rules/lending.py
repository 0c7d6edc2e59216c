"""Micro-credit: what is owed on a day, what is overdue, and the subsidy of the interest.

Money is yuan. Interest is simple, on what is owed at the end of each day, for a year of 365 days,
from the day of drawing until the day before the loan is due or the money came back. Days after the
due day bear no subsidy, nor does what is owed above SUBSIDISED_YUAN: what is paid back lowers that
part first. Source: domain reference §10.1 (interest subsidised at the base rate; from 2021 on the
part of a loan above 50,000 is unsubsidised, before there is none).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from assistance.rules.delivering import CENT, NOTHING
from assistance.rules.planning import months_after, yuan
from teams.rules.terms import ONE_DAY, Span
from workflow.machine import Fault, gettext_noop

YEAR_DAYS = 365
PERCENT = Decimal(100)
QUARTER_MONTHS = 3
SUBSIDISED_YUAN = Decimal(50_000)


@dataclass(frozen=True)
class Credit:
    """A loan with what was paid back of it: (day, amount) of each."""

    principal: Decimal
    rate_percent: Decimal
    subsidised_percent: int
    drawn_on: date
    due_on: date
    extended_to: date | None = None
    repaid: tuple[tuple[date, Decimal], ...] = field(default=())

    @property
    def ends_on(self) -> date:
        """The day on which it is due, extended or not."""
        return self.extended_to or self.due_on

    def owed_on(self, day: date) -> Decimal:
        """What is owed at the end of a day from the drawing on."""
        return self.principal - sum((sum_ for on, sum_ in self.repaid if on <= day), NOTHING)

    @property
    def owed(self) -> Decimal:
        """What is left after all that was paid back."""
        return self.principal - sum((sum_ for _on, sum_ in self.repaid), NOTHING)


def overdue_days(credit: Credit, today: date) -> int:
    """For how many days the loan is overdue; 0 while it is not, or is repaid."""
    return max((today - credit.ends_on).days, 0) if credit.owed > 0 else 0


def subsidy(credit: Credit, period: Span) -> Decimal:
    """The subsidy for the days of a closed period, rounded half up to the cent once."""
    bearing = Span(credit.drawn_on, credit.ends_on - ONE_DAY).cut(period)
    if bearing is None or bearing.last is None:
        return NOTHING.quantize(CENT)
    cuts = {on for on, _sum in credit.repaid if bearing.first < on <= bearing.last}
    starts = sorted({bearing.first, *cuts})
    ends = [*starts[1:], bearing.last + ONE_DAY]
    owed_days = sum(
        (
            min(credit.owed_on(start), SUBSIDISED_YUAN) * (end - start).days
            for start, end in zip(starts, ends, strict=True)
        ),
        NOTHING,
    )
    whole = owed_days * credit.rate_percent * credit.subsidised_percent
    return (whole / (PERCENT * PERCENT * YEAR_DAYS)).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Period:
    """A quarter of a loan with its subsidy."""

    days: Span
    amount: Decimal


def periods(credit: Credit) -> list[Period]:
    """The subsidy of each quarter counted from the drawing, until the loan is due or repaid."""
    last = credit.ends_on - ONE_DAY
    if credit.owed <= 0:
        last = min(last, max(on for on, _sum in credit.repaid) - ONE_DAY)
    found, first, number = [], credit.drawn_on, 0
    while first <= last:
        number += 1
        following = months_after(credit.drawn_on, QUARTER_MONTHS * number)
        span = Span(first, min(following - ONE_DAY, last))
        found.append(Period(span, subsidy(credit, span)))
        first = following
    return found


def term_fault(first: date, last: date, most_months: int | None, field: str) -> Fault | None:
    """A fault for a term that is longer than the measure allows; the days are its two ends."""
    if most_months is None or last <= months_after(first, most_months):
        return None
    text = gettext_noop("The longest term is %(months)s months: until %(day)s.")
    values = {"months": most_months, "day": months_after(first, most_months)}
    return Fault(text, values, field)


def repayment_faults(credit: Credit, day: date, amount: Decimal, today: date) -> list[Fault]:
    """What keeps a repayment from being recorded, by field: day, amount."""
    found = []
    if day > today:
        text = gettext_noop("The day lies ahead. Record it when it has come.")
        found.append(Fault(text, field="day"))
    elif day < credit.drawn_on:
        text = gettext_noop("The loan was drawn on %(day)s.")
        found.append(Fault(text, {"day": credit.drawn_on}, "day"))
    if amount <= 0:
        found.append(Fault(gettext_noop("A payment is more than zero."), field="amount"))
    elif amount > credit.owed:
        text = gettext_noop("Only %(owed)s yuan are owed.")
        found.append(Fault(text, {"owed": yuan(credit.owed)}, "amount"))
    return found


def total(found: Iterable[Period]) -> Decimal:
    """The subsidy of several quarters together."""
    return sum((one.amount for one in found), NOTHING)
