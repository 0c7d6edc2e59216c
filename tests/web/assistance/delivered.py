"""Measures that can be delivered, and what was delivered of them."""

from datetime import date, timedelta
from decimal import Decimal

from assistance.actions.courses import Taught, record_course
from assistance.actions.delivering import Entry, record_delivery
from assistance.actions.loans import Drawing, draw_loan
from assistance.actions.posts import Hiring, open_contract
from assistance.models import Contract, Course, Delivery, Item, Loan
from assistance.rules.planning import months_after
from households.models import Household, Member
from officers.models import Officer
from tests import factories as make
from trail.dates import business_date


def agreed_item(
    code: str = "IND-OWN", household: Household | None = None, **fields: object
) -> Item:
    """A measure of 1,000 yuan of this year, agreed a hundred days ago, due at the end of the year.

    One for a person is for the head. Where `household` is None a new one is made.
    """
    household = household or make.make_household(persons=2)
    today = business_date()
    plan = household.plans.filter(year=today.year).first()
    plan = plan or make.make_plan(household, year=today.year)
    start = today - timedelta(days=100)
    defaults: dict[str, object] = {
        "starts_on": start,
        "agreed_on": start,
        "due_on": today + timedelta(days=200),
    }
    measure = make.catalogue_of(plan.village_id, plan.year)[code]
    member = head_of(household) if measure.unit == "person" else None
    return make.make_item(plan, code, fields.pop("member", member), **defaults | fields)  # type: ignore[arg-type]


def head_of(household: Household) -> Member:
    """The head of a household."""
    return household.members.order_by("relation", "pk")[0]


def deliver(item: Item, amount: int, *, by: Officer, days_ago: int = 0, **more: object) -> Delivery:
    """Money of a measure, paid so many days ago."""
    day = business_date() - timedelta(days=days_ago)
    entry = Entry(day=day, amount=Decimal(amount), **more)  # type: ignore[arg-type]
    return record_delivery(item.pk, entry, by=by)


def days_from_now(days: int) -> date:
    """A day by its distance from today."""
    return business_date() + timedelta(days=days)


def loan_of(by: Officer) -> Loan:
    """A loan of 20,000 yuan that was drawn ninety days ago for three years."""
    item = agreed_item("LOAN-MICRO", planned=Decimal(20000))
    day = days_from_now(-90)
    drawing = Drawing(
        "农信社", Decimal(20000), Decimal("4.35"), 100, "养牛", day, months_after(day, 36)
    )
    return draw_loan(item.pk, drawing, by=by)


def contract_of(by: Officer) -> Contract:
    """A contract of a post that runs."""
    hiring = Hiring("村委会", "保洁员", days_from_now(-30), days_from_now(100), Decimal(600))
    return open_contract(agreed_item("PUB-POST").pk, hiring, by=by)


def course_of(by: Officer) -> Course:
    """A course that ended ten days ago."""
    taught = Taught("焊工", days_from_now(-20), days_from_now(-10))
    return record_course(agreed_item("EMP-TRAIN").pk, taught, by=by, version=0)
