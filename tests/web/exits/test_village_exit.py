"""The exit of a village: listed, proposed on its figures, judged, verified, noticed, approved."""

from datetime import date

import pytest
from django.urls import reverse

from exits.actions.villages import Finding, advance, judge_indicator, take_over
from exits.models import Judgement, ListedPlace
from exits.queries.figures import results_of
from exits.queries.place_account import account_of_place
from households.actions.village_records import record_of, record_village
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import move_to, wait_for_notice
from tests.web.exits import standing as shared
from tests.web.exits.listed import (
    YEAR,
    asked,
    carry,
    entry,
    limited,
    listed,
    proposed,
    recorded,
    step,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.errors import AlreadyOpen
from workflow.models import Case, NoticeLine
from workflow.parameters import EXIT_INCIDENCE_LIMIT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast
WHOLE = ("verify", "post", "approve", "announce")


@pytest.fixture
def ready(cast):
    """A listed village of 1,000 with 19 poor persons; every indicator that stops it is met."""
    make.make_household(state=State.POOR, persons=10)
    make.make_household(state=State.RELAPSED, persons=9)
    make.make_household(state=State.EXITED, persons=5)
    recorded()
    return listed()


class TestProposing:
    """On which figures an exit begins."""

    def test_the_facts_are_counted_from_the_register_and_the_record(self, cast, ready):
        case = proposed(cast.township_reviewer)
        facts = case.facts
        assert (facts["poor"], facts["poor_households"], facts["population"]) == (19, 2, 1000)
        assert (facts["limit_bp"], facts["year"]) == (200, YEAR)
        results = {one.code: one.met for one in results_of(facts)}
        assert (results["ROAD"], results["INCOME"]) == (True, None)

    def test_twenty_in_a_thousand_are_refused(self, cast, ready):
        make.make_household(state=State.PLANNED_EXIT)
        with pytest.raises(Refused, match=r"20 ÷ 1,000 = 2\.00 %; it must be below 2\.00 %"):
            proposed(cast.county_clerk)

    def test_a_western_province_sets_three_percent(self, cast, ready):
        make.make_household(state=State.PLANNED_EXIT)
        limited(cast, EXIT_INCIDENCE_LIMIT, 300)
        assert proposed(cast.county_clerk).facts["limit_bp"] == 300

    def test_an_indicator_that_stops_it_refuses_the_proposal(self, cast):
        recorded(road_paved=False)
        listed()
        with pytest.raises(Refused, match="“paved road to the township” is not met"):
            proposed(cast.county_clerk)

    def test_a_reported_indicator_does_not(self, cast):
        recorded(culture_rooms=0)
        listed()
        assert proposed(cast.county_clerk).state == "proposed"

    def test_without_a_record_there_is_no_proposal(self, cast):
        listed()
        with pytest.raises(Refused, match="is not recorded"):
            proposed(cast.county_clerk)

    def test_figures_of_older_years_bear_no_exit(self, cast):
        recorded(year=YEAR - 2)
        listed()
        with pytest.raises(Refused, match="this year or the last"):
            proposed(cast.county_clerk, year=YEAR - 2)

    def test_nobody_picks_the_year_that_suits(self, cast, signed_in):
        recorded(year=YEAR - 1)
        recorded(year=YEAR, clinics=0)
        listed()
        with pytest.raises(Refused, match=f"Figures of {YEAR} are on record"):
            proposed(cast.county_clerk, year=YEAR - 1)
        page = signed_in(cast.county_clerk).get(
            reverse("exits:village", args=[make.VILLAGE]), {"year": YEAR - 1}
        )
        assert page.context["propose"] is None
        assert f"Figures of {YEAR} are on record" in page.text

    def test_a_village_that_is_not_listed_is_refused(self, cast):
        recorded()
        with pytest.raises(Refused, match="not on the list"):
            proposed(cast.county_clerk)

    def test_a_second_proposal_is_refused(self, cast, ready):
        proposed(cast.county_clerk)
        with pytest.raises(AlreadyOpen):
            proposed(cast.township_reviewer)

    @pytest.mark.parametrize("part", ["village_official", "county_approver", "stranger"])
    def test_only_township_and_county_clerk_propose(self, cast, ready, part):
        with pytest.raises(NotAllowed):
            proposed(getattr(cast, part))


class TestJudging:
    """Indicators without a figure."""

    def test_the_county_verifies_only_what_is_judged(self, cast, ready):
        asked()
        case = proposed(cast.township_reviewer)
        with pytest.raises(Refused, match="“television” is not known"):
            step(case, "verify", cast.county_clerk)
        finding = Finding(met=True, note="各组能收看", on=business_date())
        judge_indicator(case.pk, "TV", finding, by=cast.township_reviewer)
        assert step(case, "verify", cast.county_clerk).to_state == "verified"

    def test_the_last_judgement_counts(self, cast, ready):
        asked()
        case = proposed(cast.township_reviewer)
        for met in (True, False):
            finding = Finding(met=met, note="核实", on=business_date())
            judge_indicator(case.pk, "TV", finding, by=cast.township_reviewer)
        with pytest.raises(Refused, match="is not met"):
            step(case, "verify", cast.county_clerk)

    def test_a_figure_of_the_record_is_not_judged(self, cast, ready):
        case = proposed(cast.township_reviewer)
        finding = Finding(met=True, note="核实", on=business_date())
        with pytest.raises(Refused, match="answers this indicator"):
            judge_indicator(case.pk, "ROAD", finding, by=cast.county_clerk)

    def test_after_the_verification_nobody_judges(self, cast, ready):
        asked(vetoes=False)
        case = proposed(cast.township_reviewer)
        step(case, "verify", cast.county_clerk)
        finding = Finding(met=True, note="核实", on=business_date())
        with pytest.raises(Refused, match="has verified"):
            judge_indicator(case.pk, "TV", finding, by=cast.county_clerk)

    def test_the_page_of_the_village_says_what_was_judged_in_its_case(self, cast, ready, signed_in):
        asked()
        case = proposed(cast.township_reviewer)
        client = signed_in(cast.county_clerk)
        page = reverse("exits:village", args=[make.VILLAGE]) + f"?year={YEAR}"
        assert "television: not judged yet" in client.get(page).text
        finding = Finding(met=True, note="各组能收看", on=business_date())
        judge_indicator(case.pk, "TV", finding, by=cast.township_reviewer)
        assert "television: met" in client.get(page).text

    def test_the_form_records_it(self, cast, ready, signed_in):
        asked()
        case = proposed(cast.township_reviewer)
        client = signed_in(cast.county_clerk)
        target = reverse("exits:judge", args=[case.pk, "TV"])
        data = {"met": "1", "note": "各组能收看", "on": business_date().isoformat()}
        assert client.post(target, data | {"note": ""}).status_code == 400
        assert client.post(target, data).status_code == 302
        assert Judgement.objects.get().met


class TestCarrying:
    """From the proposal to the announcement."""

    def test_approval_takes_the_village_off_the_list(self, cast, ready):
        case = proposed(cast.township_reviewer)
        carry(case, cast, *WHOLE)
        ready.refresh_from_db()
        assert (case.state, ready.exit_year, ready.case) == ("announced", YEAR, case)
        assert Change.objects.get(action="leave_list").division_code == make.VILLAGE

    def test_the_notice_shows_village_households_and_people_only(self, cast, ready):
        case = proposed(cast.township_reviewer)
        carry(case, cast, "verify", "post")
        line = NoticeLine.objects.get(case=case)
        assert (line.householder, line.group, line.people) == (
            ready.division.name,
            "300 households",
            1050,
        )

    def test_who_proposed_does_not_verify(self, cast, ready):
        case = proposed(cast.county_clerk)
        with pytest.raises(NotAllowed):
            step(case, "verify", cast.county_clerk)

    def test_the_notice_is_waited_out(self, cast, ready):
        case = proposed(cast.township_reviewer)
        carry(case, cast, "verify", "post")
        with pytest.raises(Refused, match="stands until"):
            step(case, "approve", cast.county_approver)

    def test_figures_that_changed_stop_the_approval_with_the_difference(self, cast, ready):
        case = proposed(cast.township_reviewer)
        carry(case, cast, "verify", "post")
        wait_for_notice(case)
        household = make.make_household(state=State.POOR)
        household.members.update(name="某")
        with pytest.raises(Stale) as refused:
            step(case, "approve", cast.county_approver)
        assert refused.value.details["differences"] == [
            {"label": "Poor persons", "before": "19", "after": "20"}
        ]
        ready.refresh_from_db()
        assert ready.exited_on is None

    def test_a_returned_case_takes_over_the_figures_of_now(self, cast, ready):
        case = proposed(cast.township_reviewer)
        step(case, "return", cast.county_clerk, note="核实人口")
        make.make_household(make.NEXT_VILLAGE, state=State.POOR)
        ready.division.refresh_from_db()
        first = recorded_again(cast)
        case.refresh_from_db()
        take_over(case.pk, by=cast.township_reviewer, version=case.version, note="已更正")
        case.refresh_from_db()
        assert (case.facts["record"], case.facts["population"]) == (first.pk, 980)

    def test_figures_of_a_later_year_are_taken_over_before_the_decision(self, cast):
        recorded(year=YEAR - 1)
        listed()
        case = proposed(cast.township_reviewer, year=YEAR - 1)
        carry(case, cast, "verify", "post")
        recorded(year=YEAR)
        wait_for_notice(case)
        with pytest.raises(Refused, match=f"Figures of {YEAR} are on record"):
            step(case, "approve", cast.county_approver)
        step(case, "return", cast.county_approver, note="已有新数据")
        take_over(case.pk, by=cast.county_clerk, version=case.version, note="新年度")
        step(case, "resend", cast.township_reviewer)
        assert case.facts["year"] == YEAR
        step(case, "verify", make.make_officer(Role.COUNTY_CLERK))
        carry(case, cast, "post", "approve")
        assert ListedPlace.everywhere.get().exit_year == YEAR

    def test_a_decision_long_after_its_figures_is_refused(self, cast, ready):
        case = proposed(cast.township_reviewer)
        carry(case, cast, "verify", "post")
        move_to(date(YEAR + 2, 1, 5))
        with pytest.raises(Refused, match="this year or the last"):
            step(case, "approve", cast.county_approver)

    def test_a_case_of_another_kind_is_not_advanced_here(self, cast):
        case = make.make_case(make.make_household())
        with pytest.raises(Refused, match="not on the list"):
            advance(case.pk, "plan", by=cast.county_approver, version=1)


def recorded_again(cast):
    """The record of the village, corrected to 980 people."""
    wanted = entry(seen=record_of(make.VILLAGE, YEAR).pk, reason="核实", rural_population=980)
    return record_village(make.VILLAGE, wanted, by=cast.county_clerk)


class TestPages:
    """What list, village and case show, and to whom."""

    def rows(self, client, **asked):
        return client.get(reverse("exits:villages"), asked).context["page"].rows

    def test_the_list_shows_incidence_state_and_who_may_be_proposed(self, cast, ready, signed_in):
        listed(make.NEXT_VILLAGE)
        client = signed_in(cast.county_clerk)
        here, next_one = self.rows(client)
        assert (here.shown.incidence, here.shown.limit, here.may_go) == ("1.90 %", "2.00 %", True)
        assert (here.shown.met, here.shown.asked) == (10, 11)
        assert (next_one.may_go, next_one.shown.words) == (
            False,
            [
                f"The rural population of {YEAR} is not recorded. Record the figures of the year.",
                *next_one.shown.words[1:],
            ],
        )
        assert (
            'aria-label="Incidence 1.90 %, limit 2.00 %"'
            in client.get(reverse("exits:villages")).text
        )

    def test_the_list_takes_as_many_queries_however_long(
        self, cast, ready, signed_in, django_assert_max_num_queries
    ):
        client = signed_in(cast.county_clerk)
        self.rows(client)
        listed(make.NEXT_VILLAGE)
        listed(make.OTHER_TOWNSHIP_VILLAGE)
        with django_assert_max_num_queries(24):
            self.rows(client)

    def test_above_the_county_places_are_counted(self, cast, ready, signed_in):
        client = signed_in(cast.province_officer)
        totals = client.get(reverse("exits:villages")).context["totals"]
        assert [(one.division.pk, one.listed, one.left) for one in totals] == [("9701", 1, 1)]

    def test_few_poor_persons_are_not_told_to_who_reads_no_names(self, cast, signed_in):
        make.make_household(state=State.POOR, persons=3)
        recorded(rural_population=100)
        listed()
        client = signed_in(cast.province_officer)
        answer = client.get(reverse("exits:village", args=[make.VILLAGE]), {"year": YEAR})
        assert answer.context["shown"].poor == "<5"
        assert "3.00 %" not in answer.text

    def test_a_proposal_goes_by_the_page_of_the_village(self, cast, ready, signed_in):
        client = signed_in(cast.township_reviewer)
        target = reverse("exits:village", args=[make.VILLAGE])
        page = client.get(target, {"year": YEAR})
        assert "19 ÷ 1,000 = 1.90 %" in page.text
        seen = page.context["propose"].initial["seen"]
        answer = client.post(target, {"seen": seen, "year": YEAR})
        case = Case.everywhere.get(kind="village_exit")
        assert answer.url == reverse("pages:case", args=[case.pk])

    def test_a_proposal_on_other_figures_is_a_conflict(self, cast, ready, signed_in):
        client = signed_in(cast.township_reviewer)
        target = reverse("exits:village", args=[make.VILLAGE])
        answer = client.post(target, {"seen": "0" * 64, "year": YEAR})
        assert answer.status_code == 409
        assert not Case.everywhere.filter(kind="village_exit").exists()

    def test_the_page_of_the_case_says_why_it_may_exit(self, cast, ready, signed_in):
        case = proposed(cast.township_reviewer)
        text = signed_in(cast.county_clerk).get(reverse("pages:case", args=[case.pk])).text
        assert "19 ÷ 1,000 = 1.90 %" in text
        assert f"<bdi>{ready.division.name}</bdi>" in text

    def test_changed_figures_are_shown_and_taken_over_on_the_case(self, cast, ready, signed_in):
        case = proposed(cast.township_reviewer)
        recorded_again(cast)
        client = signed_in(cast.township_reviewer)
        text = client.get(reverse("pages:case", args=[case.pk])).text
        assert "The figures changed since they were put into this case" in text
        target = reverse("pages:case_facts", args=[case.pk])
        answer = client.post(target, {"version": case.version, "note": "已更正"})
        case.refresh_from_db()
        assert (answer.status_code, case.facts["population"]) == (302, 980)

    def test_the_steps_go_by_the_page_of_the_case(self, cast, ready, signed_in):
        case = proposed(cast.township_reviewer)
        target = reverse("pages:case_step", args=[case.pk, "verify"])
        data = {"version": 1, "checked_on": business_date().isoformat(), "inspectors": "李",
                "opinion": "属实"}  # fmt: skip
        assert signed_in(cast.county_clerk).post(target, data).status_code == 302
        case.refresh_from_db()
        assert case.state == "verified"

    def test_the_poster_and_the_public_page_say_nothing_more(self, cast, ready, signed_in, client):
        case = proposed(cast.township_reviewer)
        carry(case, cast, "verify", "post")
        notice = NoticeLine.objects.get(case=case).notice_id
        poster = signed_in(cast.township_reviewer).get(
            reverse("pages:notice_poster", args=[notice])
        )
        assert "proposed to leave the list of poor villages" in poster.text
        public = client.get(reverse("pages:public_notices_of", args=[make.TOWNSHIP]))
        assert ready.division.name in public.text
        assert "1.90" not in public.text + poster.text

    def test_a_village_of_another_county_is_not_found(self, cast, signed_in):
        listed(make.OTHER_COUNTY_VILLAGE)
        client = signed_in(cast.county_clerk)
        target = reverse("exits:village", args=[make.OTHER_COUNTY_VILLAGE])
        assert client.get(target).status_code == 404

    def test_a_helper_reads_no_lists(self, cast, ready, signed_in):
        assert signed_in(cast.helper).get(reverse("exits:villages")).status_code == 403

    def test_the_account_of_another_case_is_none(self, cast):
        case = make.make_case(make.make_household())
        assert account_of_place(cast.county_clerk, case) is None

    def test_the_inbox_names_the_village_and_the_step(self, cast, ready, signed_in):
        proposed(cast.township_reviewer)
        text = signed_in(cast.county_clerk).get(reverse("pages:inbox")).text
        assert f"<bdi>{ready.division.name}</bdi>" in text
        assert "county&#x27;s verification" in text

    def test_a_stale_approval_is_a_conflict_with_the_difference(self, cast, ready, signed_in):
        case = proposed(cast.township_reviewer)
        carry(case, cast, "verify", "post")
        wait_for_notice(case)
        make.make_household(state=State.POOR)
        target = reverse("pages:case_step", args=[case.pk, "approve"])
        answer = signed_in(cast.county_approver).post(target, {"version": case.version})
        assert (answer.status_code, "Poor persons" in answer.text) == (409, True)
