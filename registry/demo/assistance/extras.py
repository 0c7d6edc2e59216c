"""What is kept of a measure beside its deliveries: credits, posts, moves, courses."""

from datetime import date, timedelta
from decimal import Decimal

from assistance.models import ItemStatus
from assistance.rules.delivering import equal_parts
from assistance.rules.planning import months_after
from registry.demo.assistance.helps import CASH, WORK, Given, Giver, Help, Loan, Moved, Post, Taken

TERMS, LATE_EVERY = (12, 12, 24, 36), 8
CERTIFIED, UNDER_WAY = 0.8, 0.2
MONTHS, QUARTER = 12, 3


def lend(giver: Giver, agreed_on: date) -> Help:
    """A credit drawn in the year of the plan; most of those due are repaid, a few are overdue."""
    random, today = giver.random, giver.today
    principal = giver.amount("LOAN-MICRO")
    drawn_on = agreed_on + timedelta(days=random.randint(5, 40))
    due_on = months_after(drawn_on, random.choice(TERMS))
    loan = Loan(drawn_on, due_on, [])
    found = Help("LOAN-MICRO", None, principal, drawn_on, due_on, agreed_on, ItemStatus.ONGOING,
                 [Given(drawn_on, principal, CASH)], extra=loan)  # fmt: skip
    giver.credits_due += due_on < today
    if due_on < today and giver.credits_due % LATE_EVERY:
        settled = due_on - timedelta(days=random.randint(0, 20))
        loan.repaid = [(settled - timedelta(days=60), principal / 2), (settled, principal / 2)]
        found.status, found.ended_on = ItemStatus.DONE, settled
    elif random.random() < 0.2:
        day = today - timedelta(days=random.randint(1, 60))
        if day > drawn_on:
            loan.repaid = [(day, (principal / 10).quantize(Decimal(1)))]
    return found


def post(giver: Giver, agreed_on: date, person: int) -> Help:
    """A contract of a year, paid by the quarter."""
    first, last = date(giver.year, 1, 1), date(giver.year, MONTHS, 31)
    pay = giver.amount("PUB-POST")
    days = [date(giver.year, month, 28) for month in range(QUARTER, MONTHS, QUARTER)] + [last]
    parts = equal_parts(pay * MONTHS, days)
    found = Help("PUB-POST", person, pay * MONTHS, first, last, min(agreed_on, days[0]),
                 ItemStatus.ONGOING, extra=Post(first, last, pay))  # fmt: skip
    found.instalments = [(one.due_on, one.amount) for one in parts]
    found.given = [
        Given(one.due_on, one.amount, CASH) for one in parts if one.due_on <= giver.today
    ]
    if last <= giver.today:
        found.status, found.ended_on = ItemStatus.DONE, last
    return found


def move(giver: Giver, found: Help, persons: int) -> Help:
    """A relocation; in a few the old house still stands."""
    moved_in = date(giver.year, 11, giver.random.randint(1, 20))
    still_stands = giver.random.random() < UNDER_WAY
    gone = None if still_stands else moved_in + timedelta(days=giver.random.randint(20, 40))
    found.extra = Moved(persons, moved_in, gone)
    found.given = [Given(moved_in, found.planned, WORK)]
    if gone is None:
        found.status, found.ended_on = ItemStatus.ONGOING, None
        found.due_on = date(giver.year, MONTHS, 31)
    else:
        found.ended_on = gone
        found.due_on = max(found.due_on, moved_in)
    return found


def train(giver: Giver, found: Help) -> Help:
    """A course of two weeks before its delivery; most got the certificate."""
    if not found.given:
        return found
    last = found.given[-1].day
    is_certified = giver.random.random() < CERTIFIED
    found.extra = Taken(max(last - timedelta(days=13), found.agreed_on), last,
                        last if is_certified else None)  # fmt: skip
    return found
