"""What stands against an exit, what warns of it, how it is signed, and who decides it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.models import ItemStatus
from exits.actions.opening import propose_exit
from exits.actions.renewing import rest_on_new_survey
from households.actions import take_over_facts
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import (
    carry,
    move_date,
    move_to,
    open_for,
    open_unhelped,
    reach_year_after,
    take,
    wait_for_notice,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.errors import AlreadyOpen, Incomplete

TO_THE_COUNTY = ("plan", "appraise", "verify", "confirm", "post", "check")
REFUSED = ("plan", "appraise", "verify", "refuse", "answer", "post")


def ready(**facts):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, **{"wage_income": Decimal(20_000)} | facts)
    return household


@pytest.fixture
def household(tree):
    return ready()


@pytest.fixture
def second(cast):
    return make.make_officer(Role.COUNTY_APPROVER)


class TestBlocks:
    """What refuses an approval beside the facts of the survey."""

    def test_a_household_that_was_never_helped_cannot_exit(self, cast, calendar, household):
        case = open_unhelped(household, "exit", by=cast.county_clerk)
        carry(case, cast, *TO_THE_COUNTY)
        with pytest.raises(Refused, match=r"从未|No help"):
            take(case, "approve", by=cast.county_approver)

    @pytest.mark.parametrize("code", ["REL-MOVE", "HOU-C", "HOU-D"])
    def test_an_unfinished_move_or_repair_blocks(self, cast, calendar, household, code):
        case = open_for(household, "exit", by=cast.county_clerk)
        plan = make.make_plan(household, 2020)
        make.make_item(plan, code, status=ItemStatus.ONGOING, delivered=Decimal(10))
        carry(case, cast, *TO_THE_COUNTY)
        with pytest.raises(Refused) as refusal:
            take(case, "approve", by=cast.county_approver)
        assert refusal.value.code == "not_now"

    def test_other_help_may_go_on_after_the_exit(self, cast, calendar, household):
        case = open_for(household, "exit", by=cast.county_clerk)
        make.make_item(make.make_plan(household, 2020), "IND-OWN", status=ItemStatus.ONGOING)
        assert carry(case, cast, *TO_THE_COUNTY, "approve").to_state == "approved"

    def test_the_page_says_before_the_act_what_blocks(
        self, cast, calendar, household, signed_in, in_english
    ):
        case = open_unhelped(household, "exit", by=cast.county_clerk)
        carry(case, cast, *TO_THE_COUNTY)
        view = signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
        [no] = [one.reason for one in view.context["view"].cannot if one.step.name == "approve"]
        assert "No help ever reached this household" in no


class TestLaterFacts:
    """A survey of a later year than the one that the exit rests on."""

    @pytest.mark.parametrize(
        ("steps", "name"), [((), "plan"), (TO_THE_COUNTY, "approve"), (TO_THE_COUNTY, "doubt")]
    )
    def test_no_decision_passes_over_them(self, cast, calendar, household, second, steps, name):
        case = open_for(household, "exit", by=cast.county_clerk)
        if steps:
            carry(case, cast, *steps)
        if name == "doubt":
            take(case, "doubt", by=second, note="再看")
        make.make_survey(household, 2020, wage_income=Decimal(100))
        with pytest.raises(Refused, match="2020"):
            take(case, "plan" if name == "plan" else "approve", by=cast.county_approver)

    def test_a_proposal_takes_them_over_before_it_is_planned(self, cast, calendar, household):
        case = open_for(household, "exit", by=cast.village_official)
        make.make_standard(2020)
        make.make_survey(household, 2020, wage_income=Decimal(30_000))
        rest_on_new_survey(case.pk, by=cast.county_clerk, version=1, note="秋季调查")
        carry(case, cast, "plan")
        assert (case.state, case.facts["year"]) == ("planned", 2020)


class TestSignature:
    """The household's own word."""

    def test_a_refusal_must_be_answered_before_the_notice(self, cast, calendar, household):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan", "appraise", "verify", "refuse")
        with pytest.raises(Refused):
            take(case, "post", by=cast.village_official)
        carry(case, cast, "answer")
        assert take(case, "post", by=cast.village_official).to_state == "noticed"

    def test_an_answered_refusal_needs_two_approvers(self, cast, calendar, household, second):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, *REFUSED)
        wait_for_notice(case)
        take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
        with pytest.raises(Refused):
            take(case, "approve", by=cast.county_approver)
        take(case, "approve_first", by=cast.county_approver, note="工资单为证")
        with pytest.raises(NotAllowed):
            take(case, "approve", by=cast.county_approver, note="工资单为证")
        assert take(case, "approve", by=second, note="同意").to_state == "approved"

    def test_what_the_first_approver_saw_is_what_the_second_decides_on(
        self, cast, calendar, household
    ):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, *REFUSED)
        wait_for_notice(case)
        take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
        take(case, "approve_first", by=cast.county_approver, note="工资单为证")
        make.make_survey(
            household, 2019, wage_income=Decimal(9_000), corrects=household.surveys.get()
        )
        with pytest.raises(Refused) as refusal:
            take_over_facts(case.pk, by=cast.county_clerk, version=case.version, note="更正")
        assert refusal.value.code == "facts_settled"

    @pytest.mark.parametrize("no", ["refuse", "disagree"])
    def test_a_word_is_not_unsaid_by_proposing_the_exit_again(
        self, cast, calendar, household, second, no
    ):
        first = open_for(household, "exit", by=cast.county_clerk)
        carry(first, cast, "plan", "appraise", "verify")
        take(first, no, by=cast.village_official, note="不同意")
        take(first, "withdraw", by=cast.county_clerk, note="撤回")
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
        wait_for_notice(case)
        with pytest.raises(Incomplete) as unanswered:
            take(case, "check", by=cast.township_reviewer, answer="")
        assert list(unanswered.value.details["fields"]) == ["answer"]
        take(case, "check", by=cast.township_reviewer, answer="逐项答复")
        with pytest.raises(Refused):
            take(case, "approve", by=cast.county_approver, note="同意")
        take(case, "approve_first", by=cast.county_approver, note="同意")
        assert take(case, "approve", by=second, note="同意").to_state == "approved"

    def test_an_answer_in_the_exit_before_is_an_answer(self, cast, calendar, household):
        first = open_for(household, "exit", by=cast.county_clerk)
        carry(first, cast, "plan", "appraise", "verify", "refuse", "answer")
        take(first, "withdraw", by=cast.county_clerk, note="撤回")
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
        wait_for_notice(case)
        assert take(case, "check", by=cast.township_reviewer, answer="").to_state == "checked"

    def test_who_answered_a_refusal_does_not_check_it(self, cast, calendar, household):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan", "appraise", "verify", "refuse", "answer", "post")
        wait_for_notice(case)
        with pytest.raises(NotAllowed):
            take(case, "check", by=cast.township_reviewer)

    def test_a_doubt_is_decided_by_somebody_else(self, cast, calendar, household, second):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, *TO_THE_COUNTY)
        take(case, "doubt", by=cast.county_approver, note="工资无凭证")
        with pytest.raises(NotAllowed):
            take(case, "approve", by=cast.county_approver)
        assert take(case, "approve", by=second).to_state == "approved"


class TestDays:
    """The days on record follow each other as the procedure does."""

    @pytest.mark.parametrize(
        ("steps", "name", "day"),
        [
            (("plan",), "appraise", "meeting_on"),
            (("plan",), "vote_down", "meeting_on"),
            (("plan", "appraise"), "verify", "visited_on"),
            (("plan", "appraise", "verify"), "confirm", "signed_on"),
            (("plan", "appraise", "verify"), "refuse", "refused_on"),
            (("plan", "appraise", "verify", "refuse"), "answer", "answered_on"),
            (("plan", "appraise", "verify", "confirm", "post"), "check", "checked_on"),
            ((*TO_THE_COUNTY, "approve"), "announce", "announced_on"),
        ],
    )
    def test_none_lies_before_what_it_follows(self, cast, calendar, household, steps, name, day):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, *steps)
        before = business_date() - timedelta(days=1)
        wait_for_notice(case)
        by = {"verify": cast.first_secretary, "answer": cast.township_reviewer,
              "check": cast.township_reviewer}.get(name, cast.village_official)  # fmt: skip
        against = {"votes_for": 3, "votes_against": 20} if name == "vote_down" else {}
        with pytest.raises(Incomplete) as refused:
            take(case, name, by=by, note="x", **{day: before}, **against)
        assert list(refused.value.details["fields"]) == [day]

    def test_a_visit_after_the_meeting_may_be_typed_in_late(self, cast, calendar, household):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan", "appraise")
        met_on = business_date()
        move_date(5)
        take(case, "verify", by=cast.first_secretary, visited_on=met_on)
        take(case, "confirm", by=cast.village_official, signed_on=met_on + timedelta(days=1))
        assert case.state == "confirmed"

    def test_a_meeting_of_the_run_before_a_return_does_not_count(self, cast, calendar, household):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
        met_on = business_date()
        wait_for_notice(case)
        take(case, "return", by=cast.township_reviewer, note="重来")
        with pytest.raises(Incomplete):
            take(case, "appraise", by=cast.village_official, meeting_on=met_on)


class TestOpening:
    """By the village or the clerk, on facts of a year."""

    @pytest.fixture(autouse=True)
    def spring(self, db, calendar):
        reach_year_after(2019)

    @pytest.mark.parametrize("part", ["village_official", "first_secretary", "county_clerk"])
    def test_village_team_and_clerk_propose_an_exit(self, cast, household, part):
        case = propose_exit(household, by=getattr(cast, part), year=2019)
        assert (case.state, case.facts["finding"]["exit_ready"]) == ("proposed", True)

    @pytest.mark.parametrize(
        "part", ["township_reviewer", "county_approver", "auditor", "stranger"]
    )
    def test_nobody_else_does(self, cast, household, part):
        with pytest.raises(NotAllowed):
            propose_exit(household, by=getattr(cast, part), year=2019)

    def test_an_exit_rests_on_facts_of_its_year(self, cast, household):
        with pytest.raises(Refused) as refusal:
            propose_exit(household, by=cast.village_official, year=2020)
        assert refusal.value.code in ("no_survey", "no_standard")

    @pytest.mark.parametrize(("years_on", "is_refused"), [(0, False), (1, False), (2, True)])
    def test_an_exit_rests_on_facts_of_this_year_or_the_last(
        self, cast, household, signed_in, in_english, years_on, is_refused
    ):
        move_to(date(2019 + years_on, 12, 31))
        page = signed_in(cast.county_clerk).get(reverse("exits:propose", args=[household.number]))
        assert ("An exit rests on facts of this year or the last" in page.text) is is_refused
        if not is_refused:
            assert propose_exit(household, by=cast.county_clerk, year=2019).state == "proposed"
            return
        with pytest.raises(Refused, match="2019") as refusal:
            propose_exit(household, by=cast.county_clerk, year=2019)
        assert refusal.value.code == "old_facts"

    @pytest.mark.parametrize(
        ("steps", "name"), [((), "plan"), (TO_THE_COUNTY, "approve"), (REFUSED, "approve_first")]
    )
    def test_facts_that_grew_old_on_the_way_bear_no_decision(self, cast, household, steps, name):
        case = open_for(household, "exit", by=cast.county_clerk)
        if steps:
            carry(case, cast, *steps)
        if steps == REFUSED:
            wait_for_notice(case)
            take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
        move_to(date(2021, 1, 1))
        with pytest.raises(Refused, match="2019"):
            take(case, name, by=cast.county_approver, note="同意")

    def test_nobody_picks_the_year_that_suits(self, cast, household, signed_in):
        make.make_standard(2020)
        make.make_survey(household, 2020, wage_income=Decimal(100))
        with pytest.raises(Refused, match="2020") as refusal:
            propose_exit(household, by=cast.county_clerk, year=2019)
        assert refusal.value.code == "later_facts"
        page = signed_in(cast.county_clerk).get(reverse("exits:propose", args=[household.number]))
        assert [year for year, _said in page.context["form"].fields["year"].choices] == ["2020"]

    def test_a_second_exit_is_refused_by_the_first_ones_number(self, cast, household):
        first = propose_exit(household, by=cast.village_official, year=2019)
        with pytest.raises(AlreadyOpen, match=str(first.pk)):
            propose_exit(household, by=cast.county_clerk, year=2019)

    def test_who_is_not_on_the_register_has_no_exit(self, cast, tree):
        ordinary = make.make_household()
        make.make_survey(ordinary, 2019)
        with pytest.raises(Refused) as refusal:
            propose_exit(ordinary, by=cast.village_official, year=2019)
        assert refusal.value.code == "wrong_state"
