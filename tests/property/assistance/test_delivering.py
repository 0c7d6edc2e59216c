"""Deliveries against sums and counts by hand: instalments, due days, subsidy, what is delivered."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistance.actions.delivering import Entry, record_delivery, withdraw_delivery
from assistance.models import Delivery, Instalment, Item, ItemStatus
from assistance.queries.due import deliveries_due
from assistance.queries.items import agreed_of, parts_of
from assistance.rules.delivering import Agreed, Part, next_due
from assistance.rules.lending import Credit, periods, subsidy
from teams.rules.terms import Span
from tests.web.assistance.delivered import agreed_item
from trail.dates import business_date
from trail.errors import Refused

DAY = date(2020, 5, 4)
CENTS = st.integers(1, 100_000).map(lambda number: Decimal(number) / 100)
FEW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def divided(draw) -> tuple[list[Part], Decimal]:
    """Instalments on rising days, and how much of them was delivered."""
    amounts = draw(st.lists(CENTS, min_size=1, max_size=6))
    gaps = draw(st.lists(st.integers(1, 90), min_size=len(amounts), max_size=len(amounts)))
    parts, day = [], DAY
    for amount, gap in zip(amounts, gaps, strict=True):
        day += timedelta(days=gap)
        parts.append(Part(day, amount))
    whole = int(sum(amounts) * 100)
    return parts, Decimal(draw(st.integers(0, whole))) / 100


def due_by_hand(parts: list[Part], delivered: Decimal) -> tuple[date, Decimal] | None:
    """The first cent that was not delivered, counted one by one, and its instalment's rest."""
    cents = [number for number, one in enumerate(parts) for _cent in range(int(one.amount * 100))]
    left = cents[int(delivered * 100) :]
    return (parts[left[0]].due_on, Decimal(left.count(left[0])) / 100) if left else None


@given(divided())
def test_the_next_due_is_the_first_cent_that_is_missing(drawn):
    parts, delivered = drawn
    planned = sum((one.amount for one in parts), Decimal(0))
    due = next_due(Agreed("ongoing", planned, delivered, DAY, None), parts)
    assert (None if due is None else (due.on, due.amount)) == due_by_hand(parts, delivered)


@pytest.mark.django_db
@given(st.lists(divided(), min_size=1, max_size=4))
@FEW
def test_the_statement_finds_the_same_due_days_as_the_rule(cast, drawn):
    Item.everywhere.update(status=ItemStatus.DROPPED, delivered=0, agreed_on=None)
    for parts, delivered in drawn:
        planned = sum((one.amount for one in parts), Decimal(0))
        item = agreed_item(planned=planned, delivered=delivered, status="ongoing")
        Instalment.objects.bulk_create(
            Instalment(item=item, number=number, due_on=one.due_on, amount=one.amount)
            for number, one in enumerate(parts, start=1)
        )
    found = {one.pk: one.due for one in deliveries_due(Item.everywhere.all())}
    items = Item.everywhere.live()
    wanted = {one.pk: next_due(agreed_of(one), parts_of(one)) for one in items}
    assert found == {key: due.on for key, due in wanted.items() if due}


@st.composite
def loans(draw) -> Credit:
    """A loan, possibly extended, with repayments within it."""
    days = draw(st.integers(1, 800))
    due = DAY + timedelta(days=days)
    extended = draw(st.none() | st.integers(1, 200).map(lambda more: due + timedelta(days=more)))
    principal = draw(st.integers(100, 10_000_000))
    repaid, left = [], principal
    offsets = sorted(draw(st.lists(st.integers(0, days + 250), max_size=4)))
    for offset in offsets:
        part = draw(st.integers(0, left))
        if part:
            repaid.append((DAY + timedelta(days=offset), Decimal(part) / 100))
            left -= part
    rate, share = draw(st.integers(0, 3600)), draw(st.integers(0, 100))
    return Credit(
        Decimal(principal) / 100, Decimal(rate) / 100, share, DAY, due, extended, tuple(repaid)
    )


def subsidy_by_hand(credit: Credit, first: date, last: date) -> Decimal:
    """Day by day in fractions, rounded half up once."""
    whole, day = Fraction(0), first
    while day <= last:
        if credit.drawn_on <= day < credit.ends_on:
            owed = credit.principal - sum(sum_ for on, sum_ in credit.repaid if on <= day)
            share = Fraction(credit.rate_percent) / 100 * Fraction(credit.subsidised_percent, 100)
            whole += Fraction(min(owed, 50_000)) * share / 365
        day += timedelta(days=1)
    cents = whole * 100
    return Decimal(int(cents + Fraction(1, 2))) / 100


@given(loans(), st.integers(-30, 900), st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_the_subsidy_is_that_of_each_day_added_up(credit, offset, days):
    first = DAY + timedelta(days=offset)
    last = first + timedelta(days=days)
    assert subsidy(credit, Span(first, last)) == subsidy_by_hand(credit, first, last)


@given(loans())
@settings(max_examples=40, deadline=None)
def test_the_quarters_hold_the_whole_subsidy_but_for_a_rounding_each(credit):
    found = periods(credit)
    if found:
        whole = subsidy_by_hand(credit, credit.drawn_on, credit.ends_on)
        half = Decimal("0.005")
        assert abs(sum(one.amount for one in found) - whole) <= half * (len(found) + 1)
        assert all(
            later.days.first - earlier.days.last == timedelta(days=1)
            for earlier, later in pairwise(found)
        )


@pytest.mark.django_db
@given(st.lists(st.tuples(st.integers(1, 700), st.booleans()), min_size=1, max_size=8))
@FEW
def test_what_is_delivered_is_the_sum_of_the_standing_deliveries(cast, acts):
    item, by = agreed_item(), cast.village_official
    for amount, takes_back in acts:
        try:
            entry = Entry(day=business_date(), amount=Decimal(amount))
            one = record_delivery(item.pk, entry, by=by)
            if takes_back:
                withdraw_delivery(one.pk, "录错", by=by)
        except Refused:
            pass
        item = Item.everywhere.get(pk=item.pk)
        standing = Delivery.everywhere.standing().filter(item=item)
        total = standing.aggregate(total=Sum("amount"))["total"] or 0
        assert item.delivered == total <= item.planned
        assert (item.status == ItemStatus.DONE) == (total == item.planned)
        assert (item.status == ItemStatus.AGREED) == (not standing.exists())
