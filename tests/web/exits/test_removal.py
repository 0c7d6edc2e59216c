"""A wrong registration is removed by a procedure of its own, with evidence."""

from decimal import Decimal

import pytest
from django.urls import reverse

from exits.actions.opening import propose_removal
from households.rules import State
from officers.rules import Role
from teams.models import Pairing
from tests import factories as make
from tests.pictures import photo
from tests.procedures import carry, move_date, open_for, reach_year_after, take
from trail.errors import NotAllowed, Refused, Stale
from workflow.actions.attachments import attach

TO_THE_COUNTY = ("appraise", "post", "check")


@pytest.fixture
def household(tree):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(90_000))
    return household


@pytest.fixture
def bare(household, cast, calendar):
    """A removal that the clerk asked for, without evidence yet."""
    reach_year_after(2019)
    return propose_removal(household, by=cast.county_clerk, year=2019, reason="有商品房")


@pytest.fixture
def removal(bare, cast):
    attach(photo(), by=cast.county_clerk, division=bare.division_id, subject_kind="case",
           subject_id=str(bare.pk), purpose="check")  # fmt: skip
    return bare


def at_the_county(removal, cast):
    take(removal, "verify", by=cast.township_reviewer, ground="house")
    carry(removal, cast, *TO_THE_COUNTY[:-1])
    move_date(8)
    take(removal, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))


def test_a_removed_household_is_cleared(removal, cast, household):
    at_the_county(removal, cast)
    take(removal, "approve", by=cast.county_approver)
    household.refresh_from_db()
    assert household.state == State.CLEARED
    assert household.state_changes.get().case == removal


def test_nothing_is_verified_without_evidence(bare, cast):
    with pytest.raises(Refused, match=r"佐证|evidence"):
        take(bare, "verify", by=cast.township_reviewer, ground="house")


def test_the_page_says_that_evidence_is_missing(bare, cast, signed_in, in_english):
    page = signed_in(cast.township_reviewer).get(reverse("pages:case", args=[bare.pk]))
    assert "No evidence is kept at this case." in page.text


def test_the_villagers_are_heard_and_the_notice_runs_its_days(removal, cast):
    take(removal, "verify", by=cast.township_reviewer, ground="house")
    with pytest.raises(Refused):
        take(removal, "post", by=cast.village_official)
    carry(removal, cast, "appraise", "post")
    with pytest.raises(Refused):
        take(removal, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))


def test_what_the_villagers_vote_down_is_over_and_the_registration_stands(removal, cast, household):
    take(removal, "verify", by=cast.township_reviewer, ground="house")
    lost = {"votes_for": 10, "votes_against": 14, "abstentions": 0}
    with pytest.raises(Refused):
        take(removal, "appraise", by=cast.village_official, **lost)
    with pytest.raises(Refused):
        take(removal, "vote_down", by=cast.village_official, note="村民不同意")
    take(removal, "vote_down", by=cast.village_official, note="村民不同意", **lost)
    household.refresh_from_db()
    assert (removal.state, household.state) == ("rejected", State.POOR)
    assert removal.closed_at is not None


def test_who_asked_for_it_hears_no_villagers(household, cast, calendar):
    case = propose_removal(household, by=cast.village_official, year=2019, reason="有商品房")
    attach(photo(), by=cast.village_official, division=case.division_id, subject_kind="case",
           subject_id=str(case.pk), purpose="check")  # fmt: skip
    take(case, "verify", by=cast.township_reviewer, ground="house")
    with pytest.raises(NotAllowed):
        take(case, "appraise", by=cast.village_official)


def test_its_helper_helps_it_no_more(removal, cast, household):
    make.make_pairing(household)
    at_the_county(removal, cast)
    event = take(removal, "approve", by=cast.county_approver)
    assert Pairing.everywhere.get().last_day == event.on


def test_a_rejected_removal_leaves_the_registration(removal, cast, household):
    at_the_county(removal, cast)
    take(removal, "reject", by=cast.county_approver, note="房屋为安置房")
    household.refresh_from_db()
    assert household.state == State.POOR


def test_an_exit_under_way_is_ended_first(removal, cast, household):
    exit_case = open_for(household, "exit", by=cast.county_clerk)
    at_the_county(removal, cast)
    with pytest.raises(Refused) as refusal:
        take(removal, "approve", by=cast.county_approver)
    assert refusal.value.code == "exit_open"
    take(exit_case, "withdraw", by=cast.county_clerk, note="改走清退")
    assert take(removal, "approve", by=cast.county_approver).to_state == "removed"


def test_a_plan_of_exit_meanwhile_is_no_news_and_an_exit_is(removal, cast, household):
    exit_case = open_for(household, "exit", by=cast.county_clerk)
    carry(exit_case, cast, "plan")
    at_the_county(removal, cast)
    with pytest.raises(Refused) as refusal:
        take(removal, "approve", by=cast.county_approver)
    assert refusal.value.code == "exit_open"
    carry(exit_case, cast, "appraise", "verify", "confirm", "post", "check", "approve")
    with pytest.raises(Stale):
        take(removal, "approve", by=cast.county_approver)


@pytest.mark.parametrize("state", [State.ORDINARY, State.EXITED, State.CLEARED])
def test_who_is_not_on_the_register_is_not_removed(cast, tree, state):
    other = make.make_household(state=state)
    make.make_survey(other, 2019)
    with pytest.raises(Refused) as refusal:
        propose_removal(other, by=cast.county_clerk, year=2019, reason="有车")
    assert refusal.value.code == "wrong_state"


def test_the_page_opens_the_case_with_its_reason(household, cast, signed_in):
    client = signed_in(cast.village_official)
    address = reverse("exits:remove", args=[household.number])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"reason": "县城有商品房", "year": "2019"})
    assert answer.status_code == 302
    assert "县城有商品房" in client.get(answer.url).text


def test_a_reason_is_missed_at_its_field(household, cast, signed_in):
    address = reverse("exits:remove", args=[household.number])
    answer = signed_in(cast.village_official).post(address, {"reason": " ", "year": "2019"})
    assert answer.status_code == 400
    assert "reason" in answer.context["form"].errors
