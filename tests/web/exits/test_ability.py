"""Where a province says so, nobody exits of whom somebody is ill and nobody can work."""

from decimal import Decimal

import pytest
from django.urls import reverse

from exits.queries.ability import Leaving, abilities_of
from exits.queries.household import blocks_of
from exits.queries.kept import households_again
from exits.rules.household import Ability
from households.models import Household
from households.rules import State
from tests import factories as make
from tests.procedures import carry, open_for, take
from tests.web.exits import standing as shared
from trail.dates import business_date
from trail.errors import Refused
from workflow.actions import confirm_parameter, set_parameter
from workflow.parameters import EXIT_NOBODY_WORKS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast
PREPARED = ("plan", "appraise", "verify", "confirm", "post", "check")
FACTS = 2019
SAID = "Nobody in this household is able to work; severely ill or disabled: 1."


WORD = {"year": FACTS, "value": "may_not_exit", "source": "省定"}


def ready(*, health: str = "03", labour: str = "04") -> Household:
    """A household of two above the line, one of them with that health, both with that labour."""
    household = make.make_household(state=State.POOR, persons=2)
    household.members.update(labour=labour)
    household.members.filter(relation="01").update(health=health)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    return household


@pytest.fixture
def asked(cast) -> None:
    """The province lets no such household exit."""
    row = set_parameter(make.PROVINCE, EXIT_NOBODY_WORKS, **WORD, by=cast.province_officer)
    confirm_parameter(row.pk, by=cast.province_approver)


def found_of(household: Household) -> Ability | None:
    return abilities_of([Leaving(household.pk, household.village_id, FACTS)]).get(household.pk)


@pytest.mark.parametrize(
    ("health", "labour", "counted"),
    [
        ("03", "04", Ability(1, 0)),
        ("04", "03", Ability(1, 0)),
        ("02", "04", Ability(0, 0)),
        ("", "04", Ability(0, 0)),
        ("03", "", Ability(1, 0)),
        ("03", "01", Ability(1, 2)),
        ("03", "02", Ability(1, 2)),
        ("03", "05", Ability(1, 2)),
    ],
)
def test_which_codes_are_ill_and_which_are_able(asked, health, labour, counted):
    assert found_of(ready(health=health, labour=labour)) == counted


def test_who_left_the_household_counts_no_more(asked):
    household = ready()
    household.members.filter(relation="01").update(end_reason="01", end_date="2019-01-01")
    assert found_of(household) == Ability(0, 0)


def test_such_a_household_does_not_exit_where_the_province_says_so(cast, asked):
    case = open_for(ready(), "exit", by=cast.county_clerk)
    carry(case, cast, *PREPARED)
    with pytest.raises(Refused, match=SAID):
        take(case, "approve", by=cast.county_approver)


def test_it_exits_once_somebody_is_able_to_work(cast, asked):
    household = ready()
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *PREPARED)
    household.members.exclude(relation="01").update(labour="05")
    assert take(case, "approve", by=cast.county_approver).to_state == "approved"


def test_it_exits_where_no_province_says_anything(cast):
    case = open_for(ready(), "exit", by=cast.county_clerk)
    carry(case, cast, *PREPARED, "approve")
    assert case.state == "approved"
    assert "ability" not in case.facts["steps"]["approve"]


def test_what_one_officer_alone_set_does_not_hold(cast):
    set_parameter(make.PROVINCE, EXIT_NOBODY_WORKS, **WORD, by=cast.province_officer)
    assert found_of(ready()) is None


def test_what_holds_from_a_year_on_holds_for_facts_of_no_earlier_one(asked):
    household = ready()
    assert abilities_of([Leaving(household.pk, household.village_id, FACTS - 1)]) == {}


def test_what_a_province_says_holds_in_no_other(asked):
    household = ready()
    assert abilities_of([Leaving(household.pk, "980101101201", FACTS)]) == {}


def test_the_approval_keeps_who_was_able_and_comes_out_again(cast, asked):
    case = open_for(ready(labour="01"), "exit", by=cast.county_clerk)
    carry(case, cast, *PREPARED, "approve")
    event = case.events.get(step="approve")
    assert event.facts["steps"]["approve"]["ability"] == {"ill": 1, "able": 2}
    label = "What of health and labour stands against it"
    [kept] = [one for one in households_again([event])[event.pk] if one.label == label]
    assert kept.is_same
    event.facts["steps"]["approve"]["ability"]["able"] = 0
    [changed] = [one for one in households_again([event])[event.pk] if one.label == label]
    assert not changed.is_same


def test_the_page_of_a_proposal_says_it_before_anybody_proposes(cast, asked, signed_in):
    target = reverse("exits:propose", args=[ready().number])
    assert SAID in signed_in(cast.village_official).get(target).text


@pytest.mark.parametrize(
    ("part", "told"),
    [("county_approver", True), ("village_official", True), ("province_officer", False)],
)
def test_the_page_of_the_case_says_it_to_those_who_read_of_health(
    cast, asked, signed_in, part, told
):
    case = open_for(ready(), "exit", by=cast.county_clerk)
    page = signed_in(getattr(cast, part)).get(reverse("pages:case", args=[case.pk]))
    assert page.status_code == 200
    assert (SAID in page.text) is told


def test_many_households_take_as_many_queries_as_one(asked, django_assert_num_queries):
    numbers = [ready().number for _ in range(4)]
    with django_assert_num_queries(5):
        blocks_of({numbers[0]: FACTS})
    with django_assert_num_queries(5):
        found = blocks_of(dict.fromkeys(numbers, FACTS))
    assert all(any("able to work" in one.text for one in own) for own in found.values())


def test_the_province_sets_it_on_the_page_of_the_parameter(cast, signed_in):
    client = signed_in(cast.province_officer)
    target = f"/parameters/one/?key={EXIT_NOBODY_WORKS}"
    assert (
        "somebody is severely ill or disabled and nobody is able to work" in client.get(target).text
    )
    data = {"word": "may_not_exit", "year": business_date().year, "source": "省定"}
    assert client.post(target, data).status_code == 302
    assert "may not exit" in client.get(target).context["history"][0].value


def test_no_county_sets_it(cast, signed_in):
    target = f"/parameters/one/?key={EXIT_NOBODY_WORKS}"
    page = signed_in(cast.county_approver).get(target)
    assert page.context["why_not_set"]
