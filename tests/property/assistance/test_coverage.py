"""Coverage counted by the database against a count by hand, whatever was planned for whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistance.models import Beneficiary, ItemStatus
from assistance.queries.effect import Asked, Base, figures
from assistance.queries.effect_incomes import ALL_BANDS, income_figures
from assistance.queries.evaluations import effect_on
from assistance.rules.effect import BAND_EDGES
from households.rules import ON_REGISTER, State
from tests import factories as make
from tests.cast import Cast
from workflow.parameters import PAIRING_SUPPORT_YEARS
from workflow.queries import parameter

pytestmark = pytest.mark.django_db
YEAR, TODAY = 2020, date(2020, 12, 31)
STATES = (
    (State.POOR, None), (State.RELAPSED, 2018), (State.EXITED, 2020), (State.EXITED, 2011),
    (State.ORDINARY, None), (State.POOR, None),
)  # fmt: skip
CODES = {"IND-OWN": "IND", "AST-SHARE": "AST", "HEA-DOCTOR": "HEA"}
WHO = st.integers(0, len(STATES) - 1)
ITEMS = st.lists(
    st.tuples(
        WHO,
        st.sampled_from([*CODES]),
        st.sampled_from([2019, 2020]),
        st.sampled_from([ItemStatus.DRAFT, ItemStatus.AGREED, ItemStatus.ONGOING]),
        st.integers(0, 999),
    ),
    max_size=10,
)
SERVED = st.lists(WHO, max_size=4, unique=True)
WAGES = st.dictionaries(
    st.tuples(WHO, st.sampled_from([2018, 2019, 2020, 2021])), st.integers(0, 40_000), max_size=12
)
HELPS = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def households(cast: Cast):
    """One of each state that matters, in villages of two townships."""
    villages = (make.VILLAGE, make.OTHER_TOWNSHIP_VILLAGE)
    return [
        make.make_household(villages[number % 2], state=state, exit_year=year)
        for number, (state, year) in enumerate(STATES)
    ]


def planned(households, drawn, served) -> None:
    """The drawn measures; and a road of the village that serves some."""
    plans: dict = {}
    for who, code, year, status, amount in drawn:
        key = (who, year)
        plans[key] = plans.get(key) or make.make_plan(households[who], year)
        is_draft = status == ItemStatus.DRAFT
        make.make_item(
            plans[key],
            code,
            households[who].members.get() if code == "HEA-DOCTOR" else None,
            status=status,
            agreed_on=None if is_draft else date(year, 1, 1),
            delivered=0 if is_draft else amount,
        )
    road = make.make_item(
        make.make_plan(village_id=make.VILLAGE, year=YEAR), "INF-ROAD", status=ItemStatus.ONGOING
    )
    for who in served:
        Beneficiary.objects.create(
            item=road,
            household=households[who],
            added_by=make.the_operator(),
            added_on=date(YEAR, 3, 1),
        )


@contextmanager
def undone() -> Iterator[None]:
    """What one example writes is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def based(base: Base) -> set[int]:
    """Who belongs to a base, by place in STATES."""
    years = parameter(PAIRING_SUPPORT_YEARS, make.VILLAGE, YEAR)
    return {
        number
        for number, (state, exited) in enumerate(STATES)
        if state in ON_REGISTER
        or (base == Base.SUPPORTED and state == State.EXITED and exited + years >= YEAR)
    }


@HELPS
@given(ITEMS, SERVED, st.sampled_from(Base), st.sampled_from([None, YEAR]))
def test_coverage_is_what_a_count_by_hand_gives(households, drawn, served, base, year):
    with undone():
        planned(households, drawn, served)
        found = figures(Asked(make.COUNTY, 9, year, base=base), today=TODAY)
    mine = [one for one in drawn if year in (None, one[2])]
    reached = {(who, CODES[code]) for who, code, _, status, _ in mine if status == "ongoing"}
    reached |= {(who, "INF") for who in served}
    reached = {one for one in reached if one[0] in based(base)}
    assert found.whole.households == len({who for who, _category in reached})
    for category in (*CODES.values(), "INF"):
        counted = found.keys[category].households if category in found.keys else 0
        assert counted == len([one for one in reached if one[1] == category])
    for township, parity in ((make.TOWNSHIP, 0), (make.OTHER_TOWNSHIP, 1)):
        here = {who for who, _category in reached if who % 2 == parity}
        held = found.places.get(township)
        assert (held.households if held else 0) == len(here)
        assert found.base[township] == len([one for one in based(base) if one % 2 == parity])
    amounts = [amount for *_rest, status, amount in mine if status != ItemStatus.DRAFT]
    assert found.whole.delivered == sum(amounts)


@HELPS
@given(ITEMS, WAGES)
def test_the_sum_of_a_place_is_that_of_its_households_one_by_one(households, drawn, wages):
    with undone():
        planned(households, drawn, [])
        for (who, year), wage in wages.items():
            make.make_survey(households[who], year, wage_income=Decimal(wage))
        found = income_figures(Asked(make.COUNTY, 9, YEAR), today=TODAY)
        told = [effect_on(households[number], YEAR) for number in based(Base.SUPPORTED)]
    effects = [one for one in told if one]
    assert found.compared == len(effects)
    for numbers, nets in (
        (found.before, [one.net.before for one in effects]),
        (found.after, [one.net.after for one in effects]),
    ):
        counts = [0] * ALL_BANDS
        for net in nets:
            counts[len([edge for edge in BAND_EDGES if net >= edge * 100])] += 1
        assert numbers == counts
    if effects:
        assert found.incomes["net"][1] * 100 * len(effects) == sum(one.net.after for one in effects)
