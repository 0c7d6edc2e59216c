"""Households by their last visit: cards, lists, counts by place, and the visits by month."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from divisions.models import Division
from households.models.households import PHONE_FIELD
from households.rules import State
from teams.queries.activity import activity_of, months_to
from teams.queries.unvisited import overview, pace_in
from tests import factories as make
from tests.web.teams.visiting import make_task, make_visit
from trail.dates import business_date
from trail.models import Change
from trail.sealing import seal

pytestmark = pytest.mark.django_db
MINE = "/teams/households/"


@pytest.fixture
def today() -> date:
    return business_date()


def cards(client, **query) -> list:
    return client.get(MINE, query).context["page"].cards


def ago(days: int) -> date:
    return business_date() - timedelta(days=days)


def test_a_helper_sees_the_households_that_are_paired_with_him_today(cast, signed_in, household):
    cadre = make.make_cadre(account=cast.helper)
    make.make_pairing(household, cadre)
    make.make_pairing(make.make_household(state=State.POOR), cadre, last_day=ago(1))
    make.make_pairing(make.make_household(state=State.POOR))
    assert [card.household for card in cards(signed_in(cast.helper))] == [household]


def test_a_helper_without_pairing_is_told_who_pairs(cast, signed_in, household, in_english):
    assert "county clerk pairs helpers" in signed_in(cast.helper).get(MINE).text


@pytest.mark.parametrize("part", ["village_official", "first_secretary"])
def test_the_village_sees_its_households_that_need_a_helper(
    cast, signed_in, household, today, part
):
    make.make_household(state=State.ORDINARY)
    make.make_household(make.NEXT_VILLAGE, state=State.POOR)
    make.make_household(state=State.EXITED, exit_year=today.year - 6)
    supported = make.make_household(state=State.EXITED, exit_year=today.year - 5)
    found = [card.household for card in cards(signed_in(getattr(cast, part)))]
    assert found == [household, supported]


@pytest.mark.parametrize(
    ("days", "urgency"),
    [(0, "fresh"), (30, "fresh"), (31, "due"), (90, "due"), (91, "overdue"), (None, "overdue")],
)
def test_a_visit_is_due_after_30_and_overdue_after_90_days(
    cast, signed_in, household, days, urgency
):
    if days is not None:
        make_visit(household, ago(days), cast.village_official)
    [card] = cards(signed_in(cast.village_official))
    assert (card.days_since, card.urgency) == (days, urgency)


def test_a_card_tells_open_tasks_with_the_next_day_and_offers_phone_and_visit(
    cast, signed_in, household, today
):
    household.phone_sealed = b"sealed"
    household.save()
    for due in (today + timedelta(days=5), today - timedelta(days=1)):
        make_task(cast.helper, due, household=household)
    make_task(
        cast.helper, today - timedelta(days=9), household=household, closed_on=today,
        result="done", closed_by=cast.helper, result_sealed=b"x",
    )  # fmt: skip
    client = signed_in(cast.village_official)
    [card] = cards(client)
    assert (card.open_tasks, card.next_due) == (2, today - timedelta(days=1))
    page = client.get(MINE).text
    assert reverse("pages:reveal_phone", args=[household.number]) in page
    assert reverse("teams:visit_new", args=[household.number]) in page
    assert "tel:" not in page


def test_who_waits_longest_comes_first_and_kinds_narrow_the_cards(cast, signed_in, household):
    recent, due = (make.make_household(state=State.POOR) for _ in range(2))
    make_visit(recent, ago(1), cast.village_official)
    make_visit(due, ago(40), cast.village_official)
    make_visit(due, ago(50), cast.village_official)
    client = signed_in(cast.village_official)

    def shown(kind: str) -> list:
        return [card.household for card in cards(client, kind=kind)]

    assert shown("all") == [household, due, recent]
    assert shown("soon") == [household, due]
    assert shown("late") == [household]


def test_a_visit_taken_back_is_no_visit(cast, signed_in, household):
    make_visit(household, ago(1), cast.village_official, withdrawn_at=timezone.now())
    [card] = cards(signed_in(cast.village_official))
    assert card.last_visit is None


def test_the_days_are_those_of_the_countys_own_parameters(cast, today):
    pace = pace_in(make.VILLAGE, today.year)
    assert (pace.soon, pace.late) == (30, 90)


def test_counts_by_place_lead_down_to_the_households(cast, signed_in, household, today):
    beside = make.make_household(make.OTHER_TOWNSHIP_VILLAGE, state=State.POOR)
    make_visit(beside, ago(40), cast.village_official)
    client = signed_in(cast.county_clerk)
    found = client.get(reverse("teams:unvisited")).context["overview"]
    assert (found.whole.households, found.whole.soon, found.whole.late) == ("2", "2", "1")
    rows = {row.division.pk: (row.soon, row.late) for row in found.parts}
    assert rows[make.TOWNSHIP] == ("1", "1")
    assert rows[make.OTHER_TOWNSHIP] == ("1", "0")
    query = {"division": make.TOWNSHIP, "kind": "late"}
    page = client.get(reverse("teams:unvisited_households"), query).context["page"]
    assert [card.household for card in page.cards] == [household]


@pytest.mark.parametrize("part", ["reader", "city_reviewer"])
def test_readers_see_totals_without_few_and_no_household(cast, signed_in, household, part):
    make_visit(household, ago(1), cast.village_official)
    client = signed_in(getattr(cast, part))
    query = {"division": make.COUNTY}
    found = client.get(reverse("teams:unvisited"), query).context["overview"]
    assert found.whole.households == "<5"
    assert client.get(reverse("teams:unvisited_households"), query).status_code == 403
    assert client.get(reverse("teams:visit_months"), query).status_code == 200


def test_above_the_county_the_places_are_offered(cast, signed_in, household, in_english):
    page = signed_in(cast.province_officer).get(reverse("teams:unvisited")).text
    assert f"?division={make.CITY}" in page


@pytest.mark.parametrize("route", ["unvisited", "unvisited_households", "visit_months", "visits"])
def test_a_place_outside_the_posting_is_not_found(cast, signed_in, household, route):
    query = {"division": make.COUNTY}
    assert signed_in(cast.stranger).get(reverse(f"teams:{route}"), query).status_code == 404


def test_the_counts_of_a_county_are_taken_by_one_statement(
    cast, household, today, django_assert_num_queries
):
    place, pace = Division.objects.get(pk=make.COUNTY), pace_in(make.COUNTY, today.year)
    with django_assert_num_queries(4):  # places below, support years, the counts, ended places
        overview(cast.county_clerk, place, today=today, pace=pace)


def test_cards_cost_the_same_for_one_and_for_many(
    cast, signed_in, household, today, django_assert_num_queries
):
    client = signed_in(cast.village_official)
    client.get(MINE)
    with django_assert_num_queries(14) as one:
        client.get(MINE)
    for _ in range(5):
        make_visit(make.make_household(state=State.POOR), ago(40), cast.village_official)
    with django_assert_num_queries(len(one)):
        client.get(MINE)


def test_visits_are_counted_by_month_and_place(cast, household, today):
    month_before = today.replace(day=1) - timedelta(days=1)
    make_visit(household, today, cast.village_official)
    make_visit(household, today, cast.village_official, withdrawn_at=timezone.now())
    other = make.make_household(make.OTHER_TOWNSHIP_VILLAGE)
    make_visit(other, month_before, cast.village_official)
    make_visit(other, today - timedelta(days=400), cast.village_official)
    found = activity_of(Division.objects.get(pk=make.COUNTY), today=today)
    assert found.whole.visits[-2:] == [1, 1]
    assert sum(found.whole.visits) == 2
    by_place = {one.division.pk: one.visits[-2:] for one in found.parts}
    assert by_place[make.TOWNSHIP] == [0, 1]
    assert by_place[make.OTHER_TOWNSHIP] == [1, 0]


def test_twelve_months_end_with_this_one():
    months = months_to(date(2020, 2, 29))
    assert (len(months), months[0], months[-1]) == (12, date(2019, 3, 1), date(2020, 2, 1))


def test_the_chart_draws_each_month_beside_its_table(cast, signed_in, household, today):
    make_visit(household, today, cast.village_official)
    answer = signed_in(cast.reader).get(reverse("teams:visit_months"), {"division": make.COUNTY})
    assert 'aria-describedby="months-caption"' in answer.text
    assert answer.text.count("<rect") == 1


def test_the_phone_is_called_by_a_tap_only_after_its_logged_reveal(cast, signed_in, household):
    household.phone_sealed = seal("13900000001", field=PHONE_FIELD, row=household.uuid)
    household.phone_blind = household.uuid
    household.save()
    client, path = (
        signed_in(cast.first_secretary),
        reverse("pages:reveal_phone", args=[household.number]),
    )
    assert "13900000001" not in client.get(path).text
    answer = client.post(path, {"reason": "约定走访时间"})
    assert 'href="tel:13900000001"' in answer.text
    assert Change.objects.filter(action="reveal_phone").count() == 1


def test_a_township_reviewer_visits_nobody(cast, signed_in):
    assert signed_in(cast.township_reviewer).get(MINE).status_code == 403
