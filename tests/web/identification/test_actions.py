from decimal import Decimal

import pytest

from households.actions import take_over_facts
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import (
    HANDS,
    IDENTIFIED,
    REJECTED_BY_VOTE,
    carry,
    move_date,
    open_for,
    take,
    wait_for_notice,
)
from trail.errors import NotAllowed, Refused, Stale

TO_THE_TOWNSHIP = IDENTIFIED[: IDENTIFIED.index("review")]
TO_THE_COUNTY = IDENTIFIED[: IDENTIFIED.index("recheck")]
TO_THE_APPROVER = IDENTIFIED[: IDENTIFIED.index("approve")]
AGAIN = TO_THE_APPROVER[1:]


@pytest.fixture
def ordinary(tree):
    household = make.make_household(persons=3)
    make.make_survey(household, 2019, wage_income=Decimal(10_000), housing=0)
    return household


@pytest.fixture
def case(ordinary, cast, calendar):
    return open_for(ordinary, "identification", by=cast.county_clerk)


def state_of(household):
    household.refresh_from_db()
    return household.state, household.exit_year


def test_an_approved_identification_puts_the_household_on_the_register(case, cast, ordinary):
    carry(case, cast, *TO_THE_APPROVER, "approve")
    assert state_of(ordinary) == (State.POOR, None)
    carry(case, cast, "announce", "register")
    assert case.closed_at is not None


def test_a_reincluded_household_is_relapsed_and_keeps_its_exit_year(cast, calendar):
    household = make.make_household(state=State.EXITED, exit_year=2017)
    make.make_survey(household, 2019, water=0)
    case = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(case, cast, *TO_THE_APPROVER, "approve")
    assert state_of(household) == (State.RELAPSED, 2017)


def test_both_notices_and_the_announcement_are_waited_out(case, cast):
    carry(case, cast, *TO_THE_TOWNSHIP)
    for name in ("review", "recheck", "approve", "announce", "register"):
        if name not in ("approve", "announce"):
            move_date(7)
            with pytest.raises(Refused):
                take(case, name, by=getattr(cast, HANDS[name]))
            move_date(1)
        take(case, name, by=getattr(cast, HANDS[name]))
    assert case.state == "registered"


def test_a_vote_against_rejects_the_case_and_changes_nothing(case, cast, ordinary):
    carry(case, cast, "apply", "visit", "compare")
    take(case, "vote_down", by=cast.village_official, note="收入不低", **REJECTED_BY_VOTE)
    assert case.state == "refused"
    move_date(8)
    carry(case, cast, "close")
    assert case.closed_at is not None
    assert state_of(ordinary) == (State.ORDINARY, None)


def test_a_rejected_identification_changes_nothing(case, cast, ordinary):
    carry(case, cast, *TO_THE_COUNTY)
    move_date(8)
    take(case, "reject", by=cast.county_approver, note="有商品房")
    assert state_of(ordinary) == (State.ORDINARY, None)


def test_the_proposer_visits_no_household_that_he_proposed(ordinary, cast, calendar):
    case = open_for(ordinary, "identification", by=cast.village_official)
    take(case, "apply", by=cast.village_official)
    with pytest.raises(NotAllowed):
        take(case, "visit", by=cast.village_official)
    take(case, "visit", by=cast.first_secretary)


def test_the_reviewer_of_the_township_cannot_approve_after_a_change_of_post(case, cast):
    carry(case, cast, *TO_THE_APPROVER)
    officer = cast.township_reviewer
    officer.postings.update(ends_on=case.opened_on.replace(year=2019))
    make.make_posting(officer, Role.COUNTY_APPROVER)
    del officer.posting
    with pytest.raises(NotAllowed):
        take(case, "approve", by=officer)


def test_facts_that_show_nothing_lacking_are_not_approved(case, cast, ordinary):
    carry(case, cast, *TO_THE_APPROVER)
    make.make_survey(ordinary, 2019, wage_income=Decimal(10_000), corrects=ordinary.surveys.get())
    with pytest.raises(Stale):
        take(case, "approve", by=cast.county_approver)
    take(case, "return", by=cast.county_approver, note="房屋已修")
    take_over_facts(case.pk, by=cast.village_official, version=case.version, note="房屋已修")
    case.refresh_from_db()
    for name in AGAIN:
        wait_for_notice(case)
        hand = "first_secretary" if HANDS[name] == "village_official" else HANDS[name]
        take(case, name, by=getattr(cast, hand))
    with pytest.raises(Refused) as refusal:
        take(case, "approve", by=cast.county_approver)
    assert refusal.value.code == "not_now"


def test_a_returned_case_begins_with_the_visit_again(case, cast):
    carry(case, cast, *TO_THE_APPROVER)
    take(case, "return", by=cast.county_approver, note="补充照片")
    assert case.state == "applied"
    carry(case, cast, *AGAIN, "approve")
    assert case.state == "approved"
