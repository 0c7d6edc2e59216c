"""The pages of helpers: who has none, who helps whom, one who leaves; what each role sees."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.urls import reverse

from households.models import Household
from households.rules import State
from identification.models import Application
from teams.models import Cadre, Pairing, Rank
from teams.queries.pairings import helper_of
from teams.rules.terms import Post
from tests import factories as make
from trail.dates import business_date
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
UNHELPED = "pages:unhelped"


def poor(village: str = make.VILLAGE, **fields) -> Household:
    return make.make_household(village, **{"state": State.POOR} | fields)


@pytest.fixture
def today(cast) -> date:
    return business_date()


@pytest.fixture
def clerk(cast, signed_in):
    return signed_in(cast.county_clerk)


def numbers(answer) -> list[str]:
    """The households of the list in its order."""
    return [line.household.number for line in answer.context["page"].lines]


def due_by(household: Household, day: date) -> None:
    """A registration of the household that wants a helper by a day."""
    case = make.make_case(household, "identification")
    Application.objects.create(case=case, applied_on=day, applicant="head", helper_due_on=day)


def test_the_list_holds_who_must_have_a_helper_and_has_none(clerk, today):
    alone, helped, exited = poor(), poor(), poor(state=State.EXITED, exit_year=today.year - 1)
    make.make_pairing(helped)
    poor(state=State.EXITED, exit_year=today.year - 9)
    make.make_household()
    poor(make.OTHER_COUNTY_VILLAGE)
    assert set(numbers(clerk.get(reverse(UNHELPED)))) == {alone.number, exited.number}


def test_the_longest_overdue_comes_first(clerk, today):
    soon, unknown, late, left = poor(), poor(), poor(), poor()
    due_by(soon, today + timedelta(days=20))
    due_by(late, today - timedelta(days=50))
    due_by(left, today - timedelta(days=500))
    make.make_pairing(left, last_day=today - timedelta(days=10))
    answer = clerk.get(reverse(UNHELPED))
    assert numbers(answer) == [one.number for one in (unknown, late, left, soon)]
    dues = [line.due for line in answer.context["page"].lines]
    assert dues == [
        None,
        today - timedelta(days=50),
        today - timedelta(days=9),
        today + timedelta(days=20),
    ]
    assert [line.is_overdue for line in answer.context["page"].lines] == [True, True, True, False]


def test_the_list_is_narrowed_to_a_township_or_village(clerk):
    here, there = poor(), poor(make.OTHER_TOWNSHIP_VILLAGE)
    for place, only in ((make.TOWNSHIP, here), (make.OTHER_TOWNSHIP_VILLAGE, there)):
        assert numbers(clerk.get(reverse(UNHELPED), {"division": place})) == [only.number]


def test_the_clerk_pairs_a_row_with_one_press(clerk, today):
    first, second, helper = poor(), poor(), make.make_cadre(name="周助理")
    data = {"helper": helper.number, "starts_on": today.isoformat(), "only": second.number}
    answer = clerk.post(reverse(UNHELPED), data | {"ticked": first.number}, follow=True)
    assert helper_of(second, today).cadre == helper
    assert helper_of(first, today) is None
    assert "周助理 helps 1 more household" in answer.text
    assert answer.context["form"]["helper"].value() is None
    assert answer.context["helpers"][0].cadre == helper


def test_the_clerk_pairs_all_that_are_ticked(clerk, today):
    households, helper = [poor() for _ in range(3)], make.make_cadre()
    data = {"helper": helper.number, "starts_on": today.isoformat()}
    clerk.post(reverse(UNHELPED), data | {"ticked": [one.number for one in households]})
    assert Pairing.everywhere.in_force(today).filter(cadre=helper).count() == 3


def test_nothing_ticked_is_told_at_the_boxes(clerk, today):
    poor()
    data = {"helper": make.make_cadre().number, "starts_on": today.isoformat()}
    answer = clerk.post(reverse(UNHELPED), data)
    assert answer.status_code == 400
    assert "tick at least one" in answer.context["form"].errors["ticked"][0]


def test_a_household_that_somebody_else_paired_names_its_helper_and_keeps_the_ticks(clerk, today):
    taken, other, helper = poor(), poor(), make.make_cadre()
    make.make_pairing(taken, make.make_cadre(name="周助理"))
    data = {
        "helper": helper.number,
        "starts_on": "2020-01-02",
        "ticked": [taken.number, other.number],
    }
    answer = clerk.post(reverse(UNHELPED), data)
    assert answer.status_code == 409
    assert "周助理" in answer.text
    assert 'value="2020-01-02"' in answer.text
    assert answer.context["form"]["ticked"].value() == [taken.number, other.number]


def test_only_helpers_with_a_free_place_who_serve_on_are_offered(clerk, today):
    free, full, gone, ended = (make.make_cadre() for _ in range(4))
    for _ in range(5):
        make.make_pairing(poor(), full)
    make.make_term(gone, last_day=today - timedelta(days=1))
    ended.unit.ended_on = today
    ended.unit.save()
    make.make_cadre(make.OTHER_COUNTY)
    poor()
    offered = clerk.get(reverse(UNHELPED)).context["helpers"]
    assert [one.cadre for one in offered] == [free]


def test_who_helps_or_serves_in_the_place_is_offered_first(clerk, today):
    far, near, serves = (make.make_cadre() for _ in range(3))
    make.make_pairing(poor(), near)
    make.make_term(serves, make.VILLAGE, Post.MEMBER)
    poor()
    offered = clerk.get(reverse(UNHELPED), {"division": make.VILLAGE}).context["helpers"]
    assert [one.cadre for one in offered] == [serves, near, far]


def test_helpers_are_narrowed_by_their_unit(clerk):
    poor()
    wanted = make.make_cadre(unit=make.make_unit(name="县教育局"))
    make.make_cadre()
    offered = clerk.get(reverse(UNHELPED), {"unit": "教育"}).context["helpers"]
    assert [one.cadre for one in offered] == [wanted]


@pytest.mark.parametrize("who", ["village_official", "township_reviewer", "first_secretary"])
def test_village_and_township_read_the_list_and_do_not_pair(cast, signed_in, today, who):
    household, helper = poor(), make.make_cadre()
    client = signed_in(getattr(cast, who))
    answer = client.get(reverse(UNHELPED))
    assert numbers(answer) == [household.number]
    assert "form" not in answer.context
    data = {"helper": helper.number, "starts_on": today.isoformat(), "only": household.number}
    assert client.post(reverse(UNHELPED), data).status_code == 403
    assert helper_of(household, today) is None


@pytest.mark.parametrize("who", ["helper", "reader", "city_reviewer", "province_officer"])
def test_others_see_no_household_without_a_helper(cast, signed_in, who):
    assert signed_in(getattr(cast, who)).get(reverse(UNHELPED)).status_code == 403


@pytest.mark.parametrize(("address", "queries"), [(UNHELPED, 19), ("teams:helpers", 17)])
def test_more_households_and_helpers_cost_no_more_queries(
    clerk, django_assert_num_queries, address, queries
):
    def add() -> None:
        helper = make.make_cadre()
        make.make_pairing(poor(), helper, last_day=date(2020, 1, 1))
        make.make_pairing(poor(make.NEXT_VILLAGE), helper)

    add()
    clerk.get(reverse(address))
    for _ in range(4):
        add()
    with django_assert_num_queries(queries):
        clerk.get(reverse(address))


def test_the_helpers_show_their_load_and_villages(clerk, today):
    helper = make.make_cadre(name="周助理", rank=Rank.COUNTY_LEADER)
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.NEXT_VILLAGE):
        make.make_pairing(poor(village), helper)
    make.make_cadre(name="闲人")
    answer = clerk.get(reverse("teams:helpers"))
    [row] = answer.context["page"].helpers
    assert (row.cadre, row.households, row.most, row.percent) == (helper, 3, 5, 60)
    assert len(row.villages) == 2
    assert "3 of 5" in answer.text
    assert "闲人" not in answer.text


def test_coverage_by_rank_adds_up_with_those_without(clerk):
    leader, official = make.make_cadre(rank=Rank.COUNTY_LEADER), make.make_cadre()
    for helper, count in ((leader, 2), (official, 1)):
        for _ in range(count):
            make.make_pairing(poor(), helper)
    make.make_pairing(make.make_household(), official)
    poor()
    found = clerk.get(reverse("teams:helpers")).context["coverage"]
    rows = {row.label: (row.helpers, row.households, row.percent) for row in found.rows}
    assert rows[str(Rank.COUNTY_LEADER.label)] == (1, "2", 50)
    assert rows[str(Rank.OFFICIAL.label)] == (1, "1", 25)
    assert (found.none, found.none_percent, found.due) == ("1", 25, "4")


def test_few_households_stay_hidden_from_whoever_reads_no_names(cast, signed_in):
    make.make_pairing(poor(), make.make_cadre(rank=Rank.COUNTY_LEADER))
    for _ in range(9):
        poor()
    found = signed_in(cast.reader).get(reverse("teams:helpers")).context["coverage"]
    row = next(one for one in found.rows if one.label == str(Rank.COUNTY_LEADER.label))
    assert (row.households, row.percent) == ("<5", None)


def test_the_list_is_taken_away_as_a_file_and_the_trace_tells_it(clerk, cast):
    helper = make.make_cadre(name="周助理")
    make.make_pairing(poor(), helper)
    answer = clerk.get(reverse("teams:helpers_file"), {"form": "csv"})
    heading, row = csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert dict(zip(heading, row, strict=True)) == {
        "Number": helper.number,
        "Name": "周助理",
        "Unit": helper.unit.name,
        "Position in the unit": "",
        "Rank": str(Rank.OFFICIAL.label),
        "Households": "1",
        "At most": "5",
        "Villages": row[7],
        "Helps since": "2019-03-01",
    }
    told = Change.objects.get(action="download_helpers")
    assert (told.after, told.division_code) == ({"kind": "helping", "rows": 1}, make.COUNTY)
    assert clerk.get(reverse("teams:helpers_file"), {"form": "xlsx"}).content[:2] == b"PK"


@pytest.mark.parametrize(
    ("part", "takes"), [("auditor", True), ("reader", False), ("village_official", False)]
)
def test_the_file_of_helpers_is_for_the_offices_alone(cast, signed_in, part, takes):
    make.make_pairing(poor(), make.make_cadre())
    client, url = signed_in(getattr(cast, part)), reverse("teams:helpers_file")
    assert (url in client.get(reverse("teams:helpers")).text) is takes
    assert client.get(url).status_code == (200 if takes else 403)
    assert Change.objects.filter(action="download_helpers").exists() is takes


def left_with_two(today: date) -> Cadre:
    """Somebody whose term has ended and who still helps two households."""
    gone = make.make_cadre(name="周助理")
    make.make_term(gone, last_day=today - timedelta(days=3))
    for _ in range(2):
        make.make_pairing(poor(), gone)
    return gone


def test_whoever_left_and_still_has_households_is_listed(clerk, today):
    gone = left_with_two(today)
    back = make.make_cadre()
    make.make_term(back, last_day=date(2020, 1, 1), starts_on=date(2018, 3, 1))
    make.make_pairing(poor(), back, starts_on=date(2020, 2, 1))
    closed = make.make_cadre(unit=make.make_unit(ended_on=today))
    make.make_pairing(poor(), closed)
    found = clerk.get(reverse("teams:helpers"), {"kind": "left"}).context["page"].helpers
    assert {one.cadre for one in found} == {gone, closed}


def test_the_page_of_whoever_left_names_his_households_and_offers_to_hand_them_on(clerk, today):
    gone = left_with_two(today)
    answer = clerk.get(reverse("teams:helper", args=[gone.number]))
    assert "Hand them on" in answer.text
    for household in Household.everywhere.filter(pairings__cadre=gone):
        assert household.number in answer.text
    assert reverse("teams:helper_hand_on", args=[gone.number]) in answer.text


def test_all_households_are_handed_on_in_one_act(clerk, today):
    gone, first, second = left_with_two(today), make.make_cadre(), make.make_cadre()
    data = {"to": [first.number, second.number], "day": today.isoformat(), "reason": "left"}
    answer = clerk.post(reverse("teams:helper_hand_on", args=[gone.number]), data, follow=True)
    assert "2 households are handed on" in answer.text
    running = Pairing.everywhere.in_force(today)
    assert {one.cadre_id for one in running} == {first.pk, second.pk}


def test_too_few_places_are_counted_and_what_was_chosen_stays(clerk, today):
    gone, busy = left_with_two(today), make.make_cadre()
    for _ in range(4):
        make.make_pairing(poor(), busy)
    data = {"to": [busy.number], "day": "2020-06-01", "reason": "left"}
    answer = clerk.post(reverse("teams:helper_hand_on", args=[gone.number]), data)
    assert answer.status_code == 409
    assert "one place is missing" in answer.text
    assert 'value="2020-06-01"' in answer.text
    assert helper_of(gone.pairings.first().household, today).cadre == gone


def test_one_household_goes_to_another_helper(clerk, today):
    pairing, other = make.make_pairing(poor()), make.make_cadre()
    address = reverse("teams:pairing_hand_over", args=[pairing.pk])
    assert clerk.get(address).status_code == 200
    data = {"to": other.number, "day": today.isoformat(), "reason": "reassigned", "version": 1}
    clerk.post(address, data)
    assert helper_of(pairing.household, today).cadre == other


def test_a_pairing_that_changed_meanwhile_is_told_with_what_was_typed(clerk, today):
    pairing, other = make.make_pairing(poor()), make.make_cadre()
    Pairing.everywhere.filter(pk=pairing.pk).update(version=2)
    address = reverse("teams:pairing_hand_over", args=[pairing.pk])
    data = {"to": other.number, "day": "2020-06-01", "reason": "reassigned", "version": 1}
    answer = clerk.post(address, data)
    assert answer.status_code == 409
    assert 'value="2020-06-01"' in answer.text
    clerk.post(address, data | {"version": answer.context["form"]["version"].value()})
    assert helper_of(pairing.household, today).cadre == other


def test_a_pairing_ends_by_its_page(clerk, today):
    pairing = make.make_pairing(poor())
    data = {"last_day": today.isoformat(), "why": "household", "version": 1}
    clerk.post(reverse("teams:pairing_end", args=[pairing.pk]), data)
    pairing.refresh_from_db()
    assert (pairing.last_day, pairing.end_reason) == (today, "household")


@pytest.mark.parametrize("who", ["village_official", "township_reviewer", "county_approver"])
def test_others_read_of_a_helper_and_change_nothing(cast, signed_in, today, who):
    gone = left_with_two(today)
    client = signed_in(getattr(cast, who))
    answer = client.get(reverse("teams:helper", args=[gone.number]))
    assert answer.status_code == 200
    assert reverse("teams:helper_hand_on", args=[gone.number]) not in answer.text
    assert client.get(reverse("teams:helper_hand_on", args=[gone.number])).status_code == 403
    pairing = gone.pairings.first()
    assert client.get(reverse("teams:pairing_end", args=[pairing.pk])).status_code == 403


def test_a_township_sees_of_a_helper_the_households_of_its_own(cast, signed_in):
    helper, there = make.make_cadre(), poor(make.OTHER_TOWNSHIP_VILLAGE)
    here = make.make_pairing(poor(), helper).household
    make.make_pairing(there, helper)
    page = signed_in(cast.township_reviewer).get(reverse("teams:helper", args=[helper.number]))
    assert here.number in page.text
    assert there.number not in page.text


def test_whoever_reads_no_names_sees_no_householder(cast, signed_in):
    pairing = make.make_pairing(poor())
    page = signed_in(cast.reader).get(reverse("teams:helper", args=[pairing.cadre.number]))
    assert pairing.household.number in page.text
    assert "陈大山" not in page.text
