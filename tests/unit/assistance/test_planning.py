"""The rules of a plan: what it must hold, who shuts out whom, and caps to the fen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistance.rules.measures import CapBasis, Category, Per, Repeats, Terms, Unit
from assistance.rules.planning import (
    amount_of,
    claims_of,
    cost_of,
    months_after,
    next_due,
    plan_faults,
    rest_of_year,
    verdict_of,
)
from assistance.rules.sheets import Given, Sheet, Verdict, Wish

YEAR = 2020
POST = Terms("PUB-POST", Category.POST, Unit.PERSON, group="post", most_months=12)
RANGER = replace(POST, code="ECO-RANGER")
MOVE = Terms("REL-MOVE", Category.RELOCATION, Unit.HOUSEHOLD, group="house", repeats=Repeats.ONCE)
HOUSE = replace(MOVE, code="HOU-D")
YEARLY = Terms("IND-INS", Category.INDUSTRY, Unit.HOUSEHOLD, repeats=Repeats.YEARLY)
FREE = Terms("IND-OWN", Category.INDUSTRY, Unit.HOUSEHOLD)


def wish(terms: Terms | None = FREE, key: int = 1, **fields) -> Wish:
    code = terms.code if terms else "GONE"
    defaults = {
        "planned": Decimal(1000),
        "starts_on": date(YEAR, 1, 1),
        "due_on": date(YEAR, 12, 31),
    }
    return Wish(key, code, code, terms, **defaults | fields)


def held(terms: Terms = FREE, year: int = YEAR, **fields) -> Given:
    """An agreed measure of 1,000 yuan, live unless said otherwise."""
    fields = {"amount": Decimal(1000), "for_good": terms.repeats is Repeats.ONCE} | fields
    return Given(100, terms.code, terms.code, terms.group, year, **fields)


def faults(*wishes: Wish, given: tuple[Given, ...] = ()) -> list[tuple[int | None, str]]:
    sheet = Sheet(YEAR, has_goal=True, wishes=wishes, given=given)
    return [(one.item, one.field) for one in plan_faults(sheet)]


def chain_of(terms: Terms, year: int = YEAR) -> list[Given]:
    """One of which something was delivered, and the live one (101) that came in its place."""
    first = held(terms, year, is_live=False, amount=Decimal(400), has_begun=True)
    last = held(terms, max(year, YEAR - 1) if year < YEAR else YEAR, has_begun=True)
    return [replace(first, key=99), replace(last, key=101, replaces=99)]


ended = {"is_live": False}
stopped = {"is_live": False, "was_given": False, "amount": Decimal()}


@pytest.mark.parametrize(
    ("wishes", "given", "wanted"),
    [
        ([wish()], [], []),
        ([], [], [(None, "items")]),
        ([], [held()], []),
        ([], [held(**stopped)], [(None, "items")]),
        ([wish(None)], [], [(1, "measure")]),
        ([wish(POST, has_left=True, person=7)], [], [(1, "person")]),
        ([wish(verdict=Verdict.UNMET)], [], [(1, "measure")]),
        ([wish(verdict=Verdict.UNKNOWN)], [], [(1, "confirmed")]),
        ([wish(verdict=Verdict.UNKNOWN, confirmed=True)], [], []),
        ([wish(replace(FREE, confirmations=("will",)))], [], [(1, "confirmed")]),
        ([wish(starts_on=date(YEAR - 1, 12, 31))], [], [(1, "starts_on")]),
        ([wish(due_on=date(YEAR + 1, 1, 1))], [], [(1, "due_on")]),
        ([wish(starts_on=date(YEAR, 5, 2), due_on=date(YEAR, 5, 1))], [], [(1, "due_on")]),
        ([wish(POST, person=7, due_on=date(YEAR + 1, 1, 1))], [], []),
        ([wish(POST, person=7, due_on=date(YEAR + 1, 1, 2))], [], [(1, "due_on")]),
        # one post for one person
        ([wish(POST, person=7), wish(RANGER, 2, person=7)], [], [(2, "measure")]),
        ([wish(POST, person=7), wish(RANGER, 2, person=8)], [], []),
        ([wish(POST, person=7)], [held(RANGER, YEAR - 1, person=7)], [(1, "measure")]),
        ([wish(POST, person=7)], [held(RANGER, YEAR - 1, person=7, **ended)], []),
        ([wish(POST, person=7)], [held(RANGER, person=7, **ended)], [(1, "measure")]),
        ([wish(POST, person=7)], [held(POST, person=7, **ended)], []),
        ([wish(POST, person=7)], [held(RANGER, person=7, **stopped)], []),
        ([wish(POST, person=7, replaces=100)], [held(POST, person=7)], []),
        # a house or a move, once for good
        ([wish(HOUSE)], [held(MOVE, YEAR - 4, **ended)], [(1, "measure")]),
        ([wish(HOUSE)], [held(HOUSE, YEAR - 4, **ended)], [(1, "measure")]),
        ([wish(HOUSE)], [held(HOUSE, YEAR - 4, **stopped)], []),
        # once a year
        ([wish(YEARLY)], [held(YEARLY, **ended)], [(1, "measure")]),
        ([wish(YEARLY)], [held(YEARLY, YEAR - 1)], []),
        ([wish(YEARLY), wish(YEARLY, 2)], [], [(2, "measure")]),
        # a chain is one measure
        ([wish(YEARLY, replaces=101)], [*chain_of(YEARLY)], []),
        (
            [wish(YEARLY, replaces=101)],
            [*chain_of(YEARLY), held(YEARLY, **ended)],
            [(1, "measure")],
        ),
        ([wish(HOUSE, replaces=101)], [*chain_of(HOUSE, YEAR - 2)], []),
        (
            [wish(HOUSE, replaces=101, person=7), wish(HOUSE, 2)],
            [*chain_of(HOUSE)],
            [(2, "measure")],
        ),
        ([wish(POST, replaces=100)], [held(RANGER, has_begun=True)], [(1, "measure")]),
        ([wish(POST, replaces=100)], [held(RANGER)], []),
        # what is replaced must be able to end, and more than its rest is not carried on
        ([wish(replaces=100)], [held(**ended)], [(1, "measure")]),
        ([wish(replaces=100)], [held(owed=Decimal("0.01"))], [(1, "measure")]),
        ([wish(replaces=100)], [held(post_until=date(YEAR, 5, 1))], [(1, "measure")]),
        ([wish(replaces=100)], [held(year=YEAR - 1)], []),
        ([wish(replaces=100)], [held(year=YEAR - 1, delivered=Decimal("0.01"))], [(1, "planned")]),
        ([wish(replaces=100)], [held(delivered=Decimal("0.01"))], []),
        # who pays
        ([wish(lacks_funds=True)], [], [(1, "funding")]),
    ],
)
def test_what_stands_against_a_plan(wishes, given, wanted):
    assert faults(*wishes, given=tuple(given)) == wanted


def test_a_plan_needs_a_goal():
    found = plan_faults(Sheet(YEAR, has_goal=False, wishes=[wish()]))
    assert [one.field for one in found] == ["goal"]


@pytest.mark.parametrize(
    ("basis", "year", "planned", "is_over"),
    [
        (CapBasis.ITEM, YEAR, "5000", False),
        (CapBasis.ITEM, YEAR, "5000.01", True),
        (CapBasis.YEAR, YEAR, "4000", False),
        (CapBasis.YEAR, YEAR, "4000.01", True),
        (CapBasis.YEAR, YEAR - 1, "5000", False),
        (CapBasis.TOTAL, YEAR - 1, "4000", False),
        (CapBasis.TOTAL, YEAR - 1, "4000.01", True),
    ],
)
def test_a_cap_is_counted_to_the_fen_over_its_time(basis, year, planned, is_over):
    terms = replace(FREE, cap=Decimal(5000), cap_basis=basis)
    found = faults(wish(terms, planned=Decimal(planned)), given=(held(terms, year),))
    assert found == ([(1, "planned")] if is_over else [])


@pytest.mark.parametrize("basis", [CapBasis.ITEM, CapBasis.YEAR, CapBasis.TOTAL])
@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 6000), st.integers(0, 100), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_a_chain_never_delivers_above_its_cap(basis, steps):
    """Each link is wanted of an amount, delivered to so many per cent, the next a year later."""
    cap = Decimal(6000)
    terms = replace(FREE, cap=cap, cap_basis=basis)
    links: list[Given] = []
    year = YEAR
    for key, (planned, share, is_next_year) in enumerate(steps):
        year += is_next_year and bool(links)
        days = {"starts_on": date(year, 1, 1), "due_on": date(year, 12, 31)}
        before = links[-1].key if links else None
        wanted = wish(terms, planned=Decimal(planned), replaces=before, **days)
        if plan_faults(Sheet(year, has_goal=True, wishes=[wanted], given=links)):
            continue
        links = [replace(one, is_live=False, amount=one.delivered) for one in links]
        delivered = Decimal(planned) * share / 100
        new = held(terms, year, amount=Decimal(planned), delivered=delivered, replaces=before)
        links.append(replace(new, key=key))
        in_year = sum(one.delivered for one in links if one.year == year)
        assert (in_year if basis is CapBasis.YEAR else sum(one.delivered for one in links)) <= cap


def test_what_a_replaced_measure_delivered_counts_for_the_cap_and_the_cost():
    terms = replace(FREE, cap=Decimal(10000), cap_basis=CapBasis.YEAR)
    old = held(terms, amount=Decimal(10000), delivered=Decimal(9000))
    [fault] = plan_faults(
        Sheet(YEAR, True, [wish(terms, planned=Decimal(10000), replaces=100)], [old])
    )
    assert fault.values["over"] == "9,000"
    enough = Sheet(YEAR, True, [wish(terms, replaces=100)], [old])
    assert (plan_faults(enough), cost_of(enough)) == ([], Decimal(10000))


def test_a_plan_needs_somebody_who_answers_for_it():
    found = plan_faults(Sheet(YEAR, has_goal=True, wishes=[wish()], has_helper=False))
    assert [(one.item, one.field) for one in found] == [(None, "helper")]


@pytest.mark.parametrize(
    ("loan", "is_over"),
    [
        ({"amount": Decimal(5000)}, True),
        ({"amount": Decimal(5000), "delivered": Decimal(5000), "owed": Decimal("0.01")}, True),
        ({"is_live": False, "amount": Decimal(5000), "owed": Decimal(5000)}, True),
        ({"is_live": False, "amount": Decimal(5000), "delivered": Decimal(5000)}, False),
        ({"is_live": False, "amount": Decimal(0)}, False),
    ],
    ids=["not drawn yet", "almost repaid", "stopped and not repaid", "repaid", "never drawn"],
)
def test_a_cap_on_what_is_owed_counts_a_loan_until_it_is_repaid(loan, is_over):
    terms = replace(FREE, cap=Decimal(5000), cap_basis=CapBasis.OWED)
    lent = replace(held(terms, YEAR - 2), **loan)
    found = faults(wish(terms, planned=Decimal(5000)), given=(lent,))
    assert found == ([(1, "planned")] if is_over else [])


def test_the_fault_of_a_cap_says_by_how_much():
    terms = replace(FREE, cap=Decimal(5000), cap_basis=CapBasis.TOTAL)
    sheet = Sheet(YEAR, True, [wish(terms, planned=Decimal("4000.50"))], [held(terms)])
    [fault] = plan_faults(sheet)
    assert (fault.values["cap"], fault.values["total"], fault.values["over"]) == (
        "5,000",
        "5,000.50",
        "0.50",
    )


@settings(deadline=None)
@given(
    st.lists(st.decimals(0, 4000, places=2), max_size=5),
    st.lists(st.decimals(0, 4000, places=2), max_size=5),
)
def test_a_plan_without_fault_never_passes_its_cap(wishes, agreed):
    terms = replace(FREE, cap=Decimal(6000), cap_basis=CapBasis.TOTAL)
    wanted = [wish(terms, key, planned=planned) for key, planned in enumerate(wishes)]
    given = [replace(held(terms), key=200 + n, amount=one) for n, one in enumerate(agreed)]
    over = sum(wishes, Decimal()) + sum(agreed, Decimal()) > 6000
    found = plan_faults(Sheet(YEAR, True, wanted, given))
    assert any(one.field == "planned" for one in found) == (over and bool(wishes))


def test_a_plan_costs_what_it_holds_and_is_to_hold_once():
    sheet = Sheet(
        YEAR,
        has_goal=True,
        wishes=[wish(planned=Decimal("250.50")), wish(key=2, replaces=101)],
        given=[
            replace(held(), key=101),
            replace(held(), key=102),
            replace(held(year=YEAR - 1), key=103),
        ],
    )
    assert cost_of(sheet) == Decimal("2250.50")


@pytest.mark.parametrize(
    ("terms", "wanted"),
    [(FREE, ("", "")), (YEARLY, ("", "2020")), (MOVE, ("house", "ever")), (POST, ("post", ""))],
)
def test_what_a_measure_claims(terms, wanted):
    assert claims_of(terms, YEAR) == wanted


@pytest.mark.parametrize(
    ("conditions", "facts", "wanted"),
    [
        ([], {}, Verdict.MET),
        ([{"fact": "workers", "least": 1}], {"workers": 1}, Verdict.MET),
        ([{"fact": "workers", "least": 1}], {"workers": 0}, Verdict.UNMET),
        ([{"fact": "forest_mu", "least": 1}], {"forest_mu": -1}, Verdict.UNKNOWN),
        ([{"fact": "housing_grade", "one_of": [4]}], {"housing_grade": 0}, Verdict.UNKNOWN),
        ([{"fact": "housing_grade", "one_of": [4]}], {"housing_grade": 1}, Verdict.UNMET),
        (
            [{"fact": "forest_mu", "least": 1}, {"fact": "workers", "least": 1}],
            {"forest_mu": -1, "workers": 0},
            Verdict.UNMET,
        ),
        (
            [{"any": [{"not": {"fact": "workers", "is": 0}}, {"fact": "forest_mu", "least": 1}]}],
            {"forest_mu": -1, "workers": 0},
            Verdict.UNKNOWN,
        ),
    ],
)
def test_unknown_facts_leave_a_condition_to_be_confirmed(conditions, facts, wanted):
    assert verdict_of(conditions, facts, Unit.HOUSEHOLD) is wanted


def test_a_typical_amount_a_month_counts_for_each_month_begun():
    days = (date(2020, 10, 20), date(2020, 12, 31))
    assert amount_of(Decimal(300), Per.MONTH, *days) == Decimal(900)
    assert amount_of(Decimal(300), Per.YEAR, *days) == Decimal(300)
    assert amount_of(None, Per.ONCE, *days) == 0


def test_days_of_a_plan():
    assert months_after(date(2020, 1, 31), 1) == date(2020, 2, 29)
    assert months_after(date(2020, 12, 1), 13) == date(2022, 1, 1)
    assert next_due(date(2020, 2, 29), 2021) == date(2021, 2, 28)
    assert rest_of_year(2020, date(2020, 5, 4)) == (date(2020, 5, 4), date(2020, 12, 31))
    assert rest_of_year(2021, date(2020, 5, 4)) == (date(2021, 1, 1), date(2021, 12, 31))
