"""The pages of household exits: proposing, the plan list, the autumn survey, who came back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from exits.actions.renewing import rest_on_new_survey
from households.models import Household
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, open_for, open_unhelped, reach_year_after, take
from trail.dates import business_date
from trail.errors import NotAllowed
from workflow.models import Case

EXITED = ("plan", "appraise", "verify", "confirm", "post", "check", "approve", "announce")
PLAN, RETURNS = "/exits/plan/", "/exits/returns/"


def ready(village=make.VILLAGE, **facts):
    household = make.make_household(village, state=State.POOR, persons=2)
    make.make_survey(household, 2019, **{"wage_income": Decimal(20_000)} | facts)
    return household


@pytest.fixture
def household(tree):
    return ready()


class TestProposing:
    """By the village, on a page that shows what stands against it."""

    def test_the_page_shows_blocks_and_warnings_with_their_figures(
        self, cast, signed_in, tree, in_english
    ):
        household = ready(wage_income=Decimal("6500.00"))
        page = signed_in(cast.village_official).get(
            reverse("exits:propose", args=[household.number])
        )
        assert "No help ever reached this household." in page.text
        assert household.members.get(relation="01").name in page.text
        assert "The income is only 1.0 % above the line" in page.text

    def test_the_village_opens_the_exit(self, cast, calendar, signed_in, household):
        reach_year_after(2019)
        address = reverse("exits:propose", args=[household.number])
        answer = signed_in(cast.village_official).post(address, {"year": "2019"})
        case = Case.everywhere.get(kind="exit")
        assert answer.url == reverse("pages:case", args=[case.pk])
        assert (case.proposed_by, case.facts["year"]) == (cast.village_official, 2019)

    def test_a_second_proposal_is_told_of_the_first(self, cast, calendar, signed_in, household):
        case = open_for(household, "exit", by=cast.county_clerk)
        address = reverse("exits:propose", args=[household.number])
        answer = signed_in(cast.village_official).post(address, {"year": "2019"})
        assert answer.status_code == 409
        assert str(case.pk) in answer.text

    def test_who_opens_no_exit_is_refused(self, cast, signed_in, household):
        address = reverse("exits:propose", args=[household.number])
        assert signed_in(cast.county_approver).get(address).status_code == 403

    def test_a_household_without_facts_is_surveyed_first(self, cast, signed_in, tree, in_english):
        household = make.make_household(state=State.POOR)
        address = reverse("exits:propose", args=[household.number])
        assert (
            "Record the survey of a year first."
            in signed_in(cast.village_official).get(address).text
        )

    @pytest.mark.parametrize(
        ("part", "state", "routes"),
        [
            ("village_official", State.POOR, {"propose", "remove"}),
            ("county_clerk", State.POOR, {"propose", "remove"}),
            ("county_clerk", State.EXITED, {"revoke"}),
            ("village_official", State.EXITED, set()),
            ("county_approver", State.POOR, set()),
            ("county_clerk", State.ORDINARY, set()),
        ],
    )
    def test_the_household_page_leads_to_what_the_role_may_propose(
        self, cast, signed_in, tree, part, state, routes
    ):
        household = make.make_household(state=state)
        page = signed_in(getattr(cast, part)).get(
            reverse("pages:household", args=[household.number])
        )
        found = {
            name
            for name in ("propose", "revoke", "remove")
            if reverse(f"exits:{name}", args=[household.number]) in page.text
        }
        assert found == routes


class TestSurvey:
    """An exit planned on last year's facts is decided on those of its own year."""

    @pytest.fixture
    def planned(self, cast, calendar, household):
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, "plan")
        make.make_survey(household, 2020, wage_income=Decimal(24_000))
        return case

    def test_the_case_rests_on_the_later_survey(self, planned, cast, signed_in):
        client = signed_in(cast.village_official)
        address = reverse("exits:survey", args=[planned.pk])
        assert address in client.get(reverse("pages:case", args=[planned.pk])).text
        answer = client.post(address, {"version": "2", "note": "秋季调查"})
        assert answer.status_code == 302
        planned.refresh_from_db()
        assert (planned.facts["year"], planned.facts["facts"]["wage_income"]) == (2020, "24000.00")
        assert planned.facts["state"] == State.POOR

    def test_the_exit_is_then_one_of_the_later_year(self, planned, cast, signed_in, household):
        signed_in(cast.county_clerk).post(
            reverse("exits:survey", args=[planned.pk]), {"version": "2", "note": "秋季调查"}
        )
        carry(planned, cast, "appraise", "verify", "confirm", "post", "check", "approve")
        household.refresh_from_db()
        assert (household.state, household.exit_year) == (State.EXITED, 2020)

    def test_a_stale_page_takes_nothing_over(self, planned, cast, signed_in):
        answer = signed_in(cast.county_clerk).post(
            reverse("exits:survey", args=[planned.pk]), {"version": "1", "note": "秋季调查"}
        )
        assert answer.status_code == 409
        again = {"version": answer.context["form"]["version"].value(), "note": "秋季调查"}
        target = reverse("exits:survey", args=[planned.pk])
        assert signed_in(cast.county_clerk).post(target, again).status_code == 302

    def test_behind_the_plan_the_facts_stay(self, planned, cast, signed_in):
        carry(planned, cast, "appraise")
        answer = signed_in(cast.county_clerk).post(
            reverse("exits:survey", args=[planned.pk]), {"version": "3", "note": "秋季调查"}
        )
        assert answer.status_code == 409


class TestPlanList:
    """The exits of a year, counted by place and listed."""

    def test_exits_are_counted_by_how_far_they_are(self, cast, calendar, signed_in, tree):
        first = open_for(ready(), "exit", by=cast.county_clerk)
        open_for(ready(), "exit", by=cast.county_clerk)
        far = open_for(ready(make.NEXT_VILLAGE), "exit", by=cast.county_clerk)
        carry(first, cast, "plan")
        carry(far, cast, "plan")
        take(far, "withdraw", by=cast.county_clerk, note="撤回")
        page = signed_in(cast.county_clerk).get(PLAN).context["page"]
        assert page.whole.counts == ["1", "1", "0", "0", "1", "3"]

    def test_the_approver_is_led_to_the_villages_that_wait(
        self, cast, calendar, signed_in, household
    ):
        open_for(household, "exit", by=cast.county_clerk)
        page = signed_in(cast.county_approver).get(PLAN)
        assert reverse("pages:batch", args=[make.VILLAGE, "exit", "proposed"]) in page.text
        assert signed_in(cast.county_clerk).get(PLAN).context["page"].to_approve == []

    def test_the_plan_of_a_village_is_approved_in_one_batch(self, cast, calendar, signed_in, tree):
        cases = [open_for(ready(), "exit", by=cast.county_clerk) for _ in range(3)]
        client = signed_in(cast.county_approver)
        chosen = [f"{case.pk}:{case.version}" for case in cases]
        client.post(
            reverse("pages:batch", args=[make.VILLAGE, "exit", "proposed"]),
            {"case": chosen, "note": ""},
        )
        assert client.get(PLAN).context["page"].whole.counts[:2] == ["0", "3"]
        assert Household.everywhere.filter(state=State.PLANNED_EXIT).count() == 3

    def test_another_year_has_its_own_list(self, cast, calendar, signed_in, household):
        open_for(household, "exit", by=cast.county_clerk)
        year = business_date().year - 1
        page = signed_in(cast.county_clerk).get(f"{PLAN}?year={year}").context["page"]
        assert page.whole.counts[-1] == "0"

    def test_a_role_without_names_sees_few_as_few_and_no_household(
        self, cast, calendar, signed_in, household
    ):
        open_for(household, "exit", by=cast.county_clerk)
        page = signed_in(cast.city_reviewer).get(PLAN).context["page"]
        assert (page.whole.counts[-1], page.lines) == ("<5", [])

    def test_the_list_takes_as_many_queries_however_long_it_is(
        self, cast, calendar, signed_in, tree, django_assert_max_num_queries
    ):
        for _ in range(4):
            open_for(ready(), "exit", by=cast.county_clerk)
        client = signed_in(cast.county_clerk)
        with django_assert_max_num_queries(25):
            assert len(client.get(PLAN).context["page"].lines) == 4

    @pytest.mark.parametrize("path", [PLAN, RETURNS, "/exits/tracking/"])
    @pytest.mark.parametrize("query", ["", "?year=x&kind=x&page=x", "?year=20200", "?division=0"])
    def test_an_odd_address_shows_a_page(self, cast, signed_in, path, query):
        assert signed_in(cast.county_clerk).get(path + query).status_code in (200, 404)


def test_an_exit_of_another_county_is_not_resurveyed(cast, calendar, household):
    case = open_unhelped(household, "exit", by=cast.county_clerk)
    carry(case, cast, "plan")
    make.make_survey(household, 2020)
    stranger = make.make_officer(Role.COUNTY_CLERK, make.OTHER_COUNTY)
    with pytest.raises(NotAllowed):
        rest_on_new_survey(case.pk, by=stranger, version=2, note="秋季调查")
