"""Facts that are replaced on the way: what rests on them is done again, and by others."""

from decimal import Decimal

import pytest
from django.urls import reverse

from exits.actions import counties, villages
from exits.actions.villages import Finding, judge_indicator
from exits.procedure.household import BEFORE_NOTICE
from households.actions import take_over_facts
from households.actions.village_records import record_village
from households.models import Household
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, open_for, take, wait_for_notice
from tests.web.exits import listed as place
from tests.web.exits import standing as shared
from tests.web.exits.test_county_exit import report
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast
WAY = ("plan", "appraise", "verify", "confirm", "post", "check")
REFUSED = ("plan", "appraise", "verify", "refuse", "answer")


@pytest.fixture
def case(cast) -> Case:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    return open_for(household, "exit", by=cast.county_clerk)


def corrected(case, by, *, recorder=None):
    """Another survey of the year, and the case rests on it."""
    household = Household.everywhere.get(number=case.subject)
    last = household.surveys.order_by("-id").first()
    recorded = {"recorded_by": recorder} if recorder else {}
    wages = last.wage_income + 1_000
    make.make_survey(household, 2019, corrects=last, wage_income=wages, **recorded)
    case.refresh_from_db()
    take_over_facts(case.pk, by=by, version=case.version, note="更正")
    case.refresh_from_db()


class TestOfHouseholds:
    """Appraisal, visit and signature speak of the facts that they saw."""

    @pytest.mark.parametrize("state", BEFORE_NOTICE)
    def test_the_case_goes_back_to_the_plan(self, cast, case, state):
        steps = REFUSED if state in ("refused", "answered") else WAY
        for name in steps:
            if case.state != state:
                carry(case, cast, name)
        assert case.state == state
        corrected(case, cast.county_clerk)
        assert case.state == "planned"
        event = case.events.last()
        assert (event.step, event.from_state, event.to_state) == ("amend", state, "planned")

    def test_the_page_says_so_before_the_act(self, cast, case, signed_in):
        carry(case, cast, "plan", "appraise")
        page = signed_in(cast.county_clerk).get(reverse("pages:case_facts", args=[case.pk]))
        assert "The case goes back to “planned by the county”" in page.text

    def test_a_plan_stays_a_plan(self, cast, case):
        carry(case, cast, "plan")
        corrected(case, cast.county_clerk)
        assert case.state == "planned"
        assert carry(case, cast, *WAY[1:], "approve").to_state == "approved"

    def test_what_the_village_read_stays_when_one_approver_has_spoken(self, cast, case):
        carry(case, cast, *REFUSED, "post")
        wait_for_notice(case)
        second = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
        take(case, "check", by=second)
        take(case, "approve_first", by=cast.county_approver, note="已答复")
        with pytest.raises(Refused) as refused:
            corrected(case, cast.county_clerk)
        assert refused.value.code == "facts_settled"

    @pytest.mark.parametrize("name", ["appraise", "verify", "confirm", "refuse", "disagree"])
    def test_who_replaced_the_facts_vouches_for_none_of_them(self, cast, case, name):
        carry(case, cast, "plan")
        corrected(case, cast.first_secretary)
        before = {"appraise": (), "verify": ("appraise",)}.get(name, ("appraise", None))
        for step in before:
            if step:
                carry(case, cast, step)
            else:
                take(case, "verify", by=cast.township_reviewer)
        with pytest.raises(NotAllowed) as refused:
            take(case, name, by=cast.first_secretary, note="x")
        assert refused.value.code == "same_hand"

    def test_a_correction_frees_nobody_who_recorded_before_from_his_own_figures(self, cast, case):
        household = Household.everywhere.get(number=case.subject)
        author = make.make_officer(Role.COUNTY_CLERK)
        corrected(case, cast.county_clerk, recorder=author)
        corrected(case, cast.county_clerk, recorder=cast.first_secretary)
        assert case.facts["hands"] == sorted(
            {survey.recorded_by_id for survey in household.surveys.all()}
        )
        promoted = place.reposted(author, Role.COUNTY_APPROVER, make.COUNTY)
        with pytest.raises(NotAllowed) as refused:
            take(case, "plan", by=promoted)
        assert refused.value.code == "same_hand"

    @pytest.mark.parametrize("name", ["verify", "check"])
    def test_nobody_vouches_for_facts_that_he_recorded(self, cast, case, name):
        author = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
        corrected(case, cast.county_clerk, recorder=author)
        corrected(case, cast.county_clerk, recorder=cast.county_clerk)
        carry(case, cast, *WAY[: WAY.index(name)])
        wait_for_notice(case)
        promoted = place.reposted(author, Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
        with pytest.raises(NotAllowed, match="Another officer must check them") as refused:
            take(case, name, by=promoted)
        assert refused.value.code == "same_hand"

    def test_who_records_other_facts_of_the_household_decides_on_these(self, cast, case):
        household = Household.everywhere.get(number=case.subject)
        other = make.make_household(state=State.POOR)
        make.make_survey(
            household, 2018, wage_income=Decimal(20_000), recorded_by=cast.county_approver
        )
        make.make_survey(other, 2019, recorded_by=cast.county_approver)
        assert carry(case, cast, *WAY, "approve").to_state == "approved"


class TestOfVillages:
    """The county's verification speaks of the figures that it saw."""

    def test_replaced_figures_are_verified_again_by_somebody_else(self, cast):
        place.ready_village()
        case = place.proposed(cast.township_reviewer)
        place.carry(case, cast, "verify")
        make.make_household(state=State.POOR)
        case.refresh_from_db()
        villages.take_over(case.pk, by=cast.county_clerk, version=case.version, note="新增一户")
        case.refresh_from_db()
        assert (case.state, case.facts["poor"]) == ("proposed", 1)
        with pytest.raises(NotAllowed) as refused:
            place.step(case, "verify", cast.county_clerk)
        assert refused.value.code == "same_hand"
        place.step(case, "verify", make.make_officer(Role.COUNTY_CLERK))
        assert case.state == "verified"

    def test_who_recorded_the_figures_does_not_decide_on_them(self, cast):
        place.listed()
        recorder = make.make_officer(Role.COUNTY_CLERK)
        record_village(make.VILLAGE, place.entry(), by=recorder)
        case = place.proposed(cast.township_reviewer)
        place.carry(case, cast, "verify", "post")
        wait_for_notice(case)
        promoted = place.reposted(recorder, Role.COUNTY_APPROVER, make.COUNTY)
        with pytest.raises(NotAllowed) as refused:
            place.step(case, "approve", promoted)
        assert refused.value.code == "same_hand"

    def test_who_judged_an_indicator_neither_verifies_nor_decides(self, cast):
        place.asked(vetoes=True)
        place.ready_village()
        case = place.proposed(cast.township_reviewer)
        judge = make.make_officer(Role.COUNTY_CLERK)
        judge_indicator(case.pk, "TV", Finding(True, "已通", business_date()), by=judge)
        with pytest.raises(NotAllowed):
            place.step(case, "verify", judge)
        place.carry(case, cast, "verify", "post")
        wait_for_notice(case)
        promoted = place.reposted(judge, Role.COUNTY_APPROVER, make.COUNTY)
        with pytest.raises(NotAllowed) as refused:
            place.step(case, "approve", promoted)
        assert refused.value.code == "same_hand"


class TestOfCounties:
    """The reviews of city and province speak of the figures that they saw."""

    @pytest.mark.parametrize("steps", [("review",), ("review", "verify")])
    def test_replaced_figures_are_reviewed_again(self, cast, steps):
        place.eligible_county(cast)
        case = place.proposed_county(cast.county_clerk)
        place.carry(case, cast, *steps)
        make.make_household(state=State.POOR)
        case.refresh_from_db()
        counties.take_over(case.pk, by=cast.county_clerk, version=case.version, note="新增一户")
        case.refresh_from_db()
        assert (case.state, case.facts["poor"]) == ("proposed", 1)

    def test_who_recorded_the_evaluation_does_not_decide_on_it(self, cast):
        place.eligible_county(cast)
        case = place.proposed_county(cast.county_clerk)
        place.carry(case, cast, "review", "verify", "post")
        recorder = make.make_officer(Role.PROVINCE_OFFICER, make.PROVINCE)
        counties.record_evaluation(case.pk, report(), by=recorder)
        place.carry(case, cast, "evaluate")
        promoted = place.reposted(recorder, Role.PROVINCE_APPROVER, make.PROVINCE)
        for name in ("approve", "reject"):
            with pytest.raises(NotAllowed) as refused:
                place.step(case, name, promoted, note="x")
            assert refused.value.code == "same_hand"
