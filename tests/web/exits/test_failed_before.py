"""An exit that follows a failed one: flagged, and its page says what was said against that one."""

from decimal import Decimal

import pytest
from django.urls import reverse

from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, open_for, take
from tests.web.exits import standing as shared
from workflow.errors import Incomplete

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast
CHECKED = ("plan", "appraise", "verify", "confirm", "post", "check")
FAILED = "an exit failed before"
SAID = "工资无凭证"


@pytest.fixture
def household(cast):
    found = make.make_household(state=State.POOR, persons=2)
    make.make_survey(found, 2019, wage_income=Decimal(20_000))
    return found


def proposed(household, cast):
    return open_for(household, "exit", by=cast.county_clerk)


def rejected(case, cast):
    take(case, "reject", by=cast.county_approver, note=SAID)


def voted_down(case, cast):
    carry(case, cast, "plan")
    against = {"votes_for": 3, "votes_against": 20}
    take(case, "vote_down", by=cast.village_official, note=SAID, **against)


def doubted(case, cast):
    carry(case, cast, *CHECKED)
    take(case, "doubt", by=cast.county_approver, note=SAID)
    take(case, "withdraw", by=cast.county_clerk, note="撤回")


def refused(case, cast):
    carry(case, cast, "plan", "appraise", "verify")
    take(case, "refuse", by=cast.village_official, because=SAID)
    take(case, "withdraw", by=cast.county_clerk, note="撤回")


def flags(case):
    case.refresh_from_db()
    return case.flags


@pytest.mark.parametrize("failing", [rejected, voted_down, doubted, refused])
def test_the_next_exit_is_flagged_and_its_page_tells_who_said_what(
    cast, household, signed_in, failing
):
    first = proposed(household, cast)
    failing(first, cast)
    again = proposed(household, cast)
    assert "failed" in flags(again)
    page = signed_in(make.make_officer(Role.COUNTY_APPROVER)).get(
        reverse("pages:case", args=[again.pk])
    )
    [one] = page.context["preceding"].failed
    assert one.case == first
    assert SAID in page.text
    assert reverse("pages:case", args=[first.pk]) in page.text
    assert one.acts[0][0].actor_name in page.text


def test_who_doubted_may_decide_on_the_next_one_and_says_why(cast, household):
    doubted(proposed(household, cast), cast)
    again = proposed(household, cast)
    carry(again, cast, *CHECKED)
    with pytest.raises(Incomplete, match=FAILED):
        take(again, "approve_first", by=cast.county_approver)
    event = take(again, "approve_first", by=cast.county_approver, note="补了流水")
    assert "failed" in {one["code"] for one in event.evidence["flags"]}


def test_a_role_that_reads_no_names_reads_no_reasons(cast, household, signed_in):
    rejected(proposed(household, cast), cast)
    again = proposed(household, cast)
    page = signed_in(cast.city_reviewer).get(reverse("pages:case", args=[again.pk]))
    assert page.context["preceding"].failed
    assert SAID not in page.text


def test_what_was_withdrawn_without_a_word_against_it_is_no_failure(cast, household):
    case = proposed(household, cast)
    carry(case, cast, "plan", "appraise")
    take(case, "withdraw", by=cast.county_clerk, note="填错了")
    assert "failed" not in flags(proposed(household, cast))


def test_an_exit_on_facts_of_another_year_or_of_another_household_is_none(cast, household):
    rejected(proposed(household, cast), cast)
    other = make.make_household(state=State.POOR)
    make.make_survey(other, 2019, wage_income=Decimal(20_000))
    assert "failed" not in flags(proposed(other, cast))
    make.make_standard(2020)
    make.make_survey(household, 2020, wage_income=Decimal(20_000))
    assert "failed" not in flags(open_for(household, "exit", by=cast.county_clerk, year=2020))


def test_the_failed_one_itself_follows_none(cast, household, signed_in):
    case = proposed(household, cast)
    rejected(case, cast)
    page = signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
    assert page.context["preceding"] is None
