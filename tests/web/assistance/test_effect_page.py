"""The effect of help in a place: coverage, cost, before and after; hidden where few would show."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.models import ItemStatus
from households.rules import State
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "cast")]
YEAR = 2024
DONE = {"status": ItemStatus.DONE, "ended_on": date(YEAR, 9, 1), "delivered": Decimal(1000)}


def page(client, name="effect", **asked):
    answer = client.get(reverse(f"assistance:{name}"), {"year": YEAR} | asked)
    assert answer.status_code == 200
    return answer.context["page"] if name == "effect" else answer


def helped(village=make.VILLAGE, *codes, before=2000, after=5000, **fields):
    """A household with measures done, surveyed before and since."""
    household = make.make_household(village, **{"state": State.POOR} | fields)
    plan = make.make_plan(household, YEAR, satisfaction=5)
    for code in codes or ("IND-OWN",):
        make.make_item(plan, code, **DONE)
    make.make_survey(household, YEAR - 1, wage_income=before)
    make.make_survey(household, YEAR, wage_income=after)
    return household


def test_a_county_tells_coverage_cost_and_change(cast, signed_in):
    helped(state=State.EXITED, exit_year=YEAR)
    helped(make.OTHER_TOWNSHIP_VILLAGE, "IND-OWN", "AST-SHARE")
    make.make_household(state=State.POOR)
    found = page(signed_in(cast.county_clerk))
    assert (found.total.households, found.total.base) == ("2", "3")
    assert (found.total.percent, found.total.delivered) == (Decimal("66.7"), 3000)
    assert (found.total.lifted, found.total.cost_each) == ("1", Decimal("1000.00"))
    assert {one.division.pk: one.households for one in found.parts if one.households != "0"} == {
        make.TOWNSHIP: "1",
        make.OTHER_TOWNSHIP: "1",
    }
    assert [(one.key, one.households, one.delivered) for one in found.keys] == [
        ("IND", "2", 2000),
        ("AST", "1", 1000),
    ]
    assert next((one.before, one.after, one.difference) for one in found.incomes) == (
        2000,
        5000,
        3000,
    )
    assert [one.label for one in found.bands if one.before == "2"] == ["2000–2500"]
    assert dict(found.satisfaction)["very satisfied"] == "2"


def test_a_category_is_told_by_its_measures_with_who_may_have_them(cast, signed_in):
    worker = helped()
    worker.members.update(labour="01")
    this_year = signed_in(cast.county_clerk)
    found = page(this_year, year="", category="IND")
    row = next(one for one in found.keys if one.key == "IND-OWN")
    assert (row.households, row.eligible, row.eligible_percent) == ("1", "1", Decimal("100.0"))
    assert found.counts_eligible
    assert not page(this_year, category="IND").counts_eligible


def test_one_measure_alone_is_told_by_place(cast, signed_in):
    helped(make.VILLAGE, "IND-OWN", "AST-SHARE")
    found = page(signed_in(cast.township_reviewer), measure="AST-SHARE")
    assert found.total.delivered == 1000
    assert [one.key for one in found.keys] == ["AST-SHARE"]


def test_a_village_has_no_places_below(cast, signed_in):
    helped()
    found = page(signed_in(cast.village_official))
    assert (found.parts, found.total.households) == ([], "1")


def test_few_households_are_hidden_from_a_role_without_names(cast, signed_in):
    for _number in range(6):
        helped()
    helped(make.OTHER_TOWNSHIP_VILLAGE)
    found = page(signed_in(cast.reader))
    few = next(one for one in found.parts if one.division.pk == make.OTHER_TOWNSHIP)
    assert (few.households, few.delivered, few.percent) == ("<5", None, None)
    assert found.total.households != "7" or any(one.households == "hidden" for one in found.parts)
    named = page(signed_in(cast.county_clerk))
    assert named.total.households == "7"


def test_the_amount_of_a_category_of_few_does_not_come_back_by_subtraction(cast, signed_in):
    for _number in range(6):
        helped()
    helped(make.VILLAGE, "AST-SHARE")
    found = page(signed_in(cast.reader))
    shown = [one.delivered for one in found.keys if one.delivered is not None]
    assert found.total.delivered is None or len(shown) < len(found.keys) - 1


def test_means_of_few_compared_households_are_hidden(cast, signed_in):
    helped()
    found = page(signed_in(cast.reader))
    assert (found.incomes, found.compared) == ([], "<5")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_page_is_taken_as_a_file(cast, signed_in, form):
    helped()
    answer = page(signed_in(cast.county_clerk), f"effect_{form}")
    if form == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[-1].startswith("IND,")
        assert any(line.startswith(make.COUNTY) and ",1000.00," in line for line in lines)


def test_the_page_takes_the_same_queries_for_many_households(
    cast, signed_in, django_assert_max_num_queries
):
    for _number in range(4):
        helped(make.VILLAGE, "IND-OWN", "AST-SHARE")
    client = signed_in(cast.county_clerk)
    with django_assert_max_num_queries(25):
        page(client, category="IND")


def test_an_odd_value_is_named_and_narrows_nothing(cast, signed_in):
    answer = signed_in(cast.county_clerk).get(reverse("assistance:effect"), {"year": "19x4"})
    assert answer.status_code == 400
    assert answer.context["page"].asked.year is None


def test_an_account_administrator_reads_no_effect(cast, signed_in):
    assert signed_in(cast.account_admin).get(reverse("assistance:effect")).status_code == 403
