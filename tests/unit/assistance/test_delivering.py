"""What is kept of which measure, instalments, and what a bar shows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assistance.progress_bar import progress_bar
from assistance.rules.delivering import (
    Agreed,
    Extra,
    Part,
    equal_parts,
    evenly,
    extra_of,
    next_due,
    urgency_of,
)
from assistance.rules.measures import Category, Repeats, Terms, Unit

DAY = date(2020, 5, 4)


@pytest.mark.parametrize(
    ("terms", "extra"),
    [
        (Terms("LOAN-MICRO", Category.CREDIT, Unit.HOUSEHOLD, group="credit"), Extra.LOAN),
        (Terms("PUB-POST", Category.POST, Unit.PERSON, group="post"), Extra.POST),
        (Terms("ECO-RANGER", Category.ECOLOGY, Unit.PERSON, group="post"), Extra.POST),
        (Terms("ECO-GREEN", Category.ECOLOGY, Unit.HOUSEHOLD), Extra.NONE),
        (Terms("REL-MOVE", Category.RELOCATION, Unit.HOUSEHOLD, group="house"), Extra.MOVE),
        (Terms("REL-FOLLOW", Category.RELOCATION, Unit.HOUSEHOLD), Extra.NONE),
        (Terms("HOU-D", Category.HOUSING, Unit.HOUSEHOLD, group="house"), Extra.NONE),
        (Terms("EMP-TRAIN", Category.EMPLOYMENT, Unit.PERSON), Extra.COURSE),
        (
            Terms("EMP-TRAVEL", Category.EMPLOYMENT, Unit.PERSON, repeats=Repeats.YEARLY),
            Extra.NONE,
        ),
    ],
    ids=lambda one: getattr(one, "code", str(one)),
)
def test_what_is_kept_of_a_measure_follows_from_its_terms(terms, extra):
    assert extra_of(terms) == extra


def test_equal_parts_add_up_and_the_last_takes_the_cents():
    days = evenly(DAY, DAY + timedelta(days=100), 3)
    parts = equal_parts(Decimal(1000), days)
    assert [one.amount for one in parts] == [
        Decimal(text) for text in ("333.33", "333.33", "333.34")
    ]
    assert [one.due_on for one in parts] == [DAY, DAY + timedelta(50), DAY + timedelta(100)]


def test_nothing_is_due_of_what_was_delivered_or_has_ended():
    whole = Agreed("ongoing", Decimal(10), Decimal(10), DAY, None)
    assert next_due(whole, [Part(DAY, Decimal(10))]) is None
    assert next_due(Agreed("done", Decimal(10), Decimal(0), DAY, None), []) is None


def test_what_is_planned_without_money_is_due_until_it_is_done():
    assert next_due(Agreed("ongoing", Decimal(0), Decimal(0), DAY, None), []).on == DAY


@pytest.mark.parametrize(
    ("days", "urgency"), [(-1, "overdue"), (0, "soon"), (30, "soon"), (31, "later")]
)
def test_a_due_day_is_near_and_then_overdue(days, urgency):
    assert urgency_of(DAY + timedelta(days=days), DAY, 30) == urgency


def test_the_bar_is_filled_as_far_as_was_delivered_and_ticks_the_instalments():
    bar = progress_bar("half", Decimal(500), Decimal(1000), [Decimal(250), Decimal(750)])
    assert "M1 1h299.0v18" in bar
    assert bar.count("stroke-width") == 1
    assert progress_bar("none", Decimal(0), Decimal(0)) == ""
