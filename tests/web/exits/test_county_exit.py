"""The exit of a county: eligible, reviewed, verified, noticed, evaluated, decided."""

import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError

from divisions.models import Division, Level
from exits.actions.counties import Report, advance, record_evaluation, take_over
from exits.models import Evaluation, ListedPlace
from exits.queries.counties import evaluated, facts_of, later_figures
from exits.rules.counties import Metric, Sample
from households.rules import State
from teams.refusals import EntryRefused
from tests import factories as make
from tests.procedures import move_to, wait_for_notice
from tests.web.exits import standing as shared
from tests.web.exits.listed import (
    YEAR,
    carry,
    eligible_county,
    limited,
    listed,
    proposed_county,
    recorded,
    step,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from workflow.errors import Incomplete
from workflow.models import Case, NoticeLine
from workflow.parameters import (
    EXIT_ACCEPTANCE_LEAST,
    EXIT_INCIDENCE_LIMIT,
    EXIT_MISSED_LIMIT,
    EXIT_WRONG_LIMIT,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast
SAMPLE = Sample(
    exited_sampled=1000,
    wrongly_exited=3,
    unregistered_sampled=1000,
    missed=5,
    households_asked=2000,
    households_approving=1800,
    remaining_poor=400,
    exited_total=9000,
    unregistered_total=52000,
    rural_population=65000,
)
PREPARED = ("review", "verify", "post")
STEPS = (*PREPARED, "evaluate", "approve")
WHY = "评估口径含常住未登记人口"
CHINESE = {"Accept-Language": "zh-CN"}


def report(**changed: int) -> Report:
    today = business_date()
    return Report("省社科院", today, today, replace(SAMPLE, **changed), WHY)


@pytest.fixture
def county(cast) -> ListedPlace:
    make.make_household(state=State.POOR, persons=19)
    return eligible_county(cast)


@pytest.fixture
def case(cast, county) -> Case:
    return proposed_county(cast.county_clerk)


class TestEligibility:
    """Computed from villages and incidence."""

    def test_population_and_poor_persons_are_sums_of_the_villages(self, county):
        villages = Division.objects.within(make.COUNTY).filter(level=5).count()
        facts = facts_of(make.COUNTY, YEAR)
        assert (facts["poor"], facts["population"]) == (19, 1000 * villages)
        assert (facts["villages"], facts["exited"], facts["unrecorded"]) == (1, 1, 0)

    def test_a_village_still_on_the_list_refuses_it(self, cast, county):
        listed(make.NEXT_VILLAGE)
        with pytest.raises(Refused, match="1 of 2 listed villages have not exited yet"):
            proposed_county(cast.county_clerk)

    def test_villages_without_a_record_refuse_it(self, cast, county):
        with pytest.raises(Refused, match="no rural population on record for 2018"):
            proposed_county(cast.county_clerk, year=2018)

    def test_an_incidence_on_the_limit_refuses_it(self, cast, county):
        population = facts_of(make.COUNTY, YEAR)["population"]
        make.make_household(state=State.POOR, persons=population // 50 - 19)
        with pytest.raises(Refused, match=r"= 2\.00 %; it must be below"):
            proposed_county(cast.county_clerk)

    def test_nobody_picks_the_year_that_suits(self, cast, county):
        villages = Division.objects.within(make.COUNTY).filter(level=Level.VILLAGE)
        codes = list(villages.values_list("pk", flat=True))
        for code in codes:
            recorded(code, year=YEAR - 1)
        with pytest.raises(Refused, match=f"Figures of {YEAR} are on record"):
            proposed_county(cast.county_clerk, year=YEAR - 1)

    def test_figures_of_some_villages_alone_are_not_later_ones(self, cast, county):
        move_to(date(YEAR + 1, 1, 5))
        recorded(make.VILLAGE, year=YEAR + 1)
        assert later_figures(make.COUNTY, YEAR) is None
        villages = Division.objects.within(make.COUNTY).filter(level=Level.VILLAGE)
        for code in villages.exclude(pk=make.VILLAGE).values_list("pk", flat=True):
            recorded(code, year=YEAR + 1)
        assert later_figures(make.COUNTY, YEAR) == YEAR + 1

    def test_only_the_county_clerk_proposes(self, cast, county):
        with pytest.raises(NotAllowed):
            proposed_county(cast.city_reviewer)


class TestEvaluating:
    """The counts of the special evaluation."""

    def test_the_four_figures_are_those_of_the_vector(self, cast, case):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(), by=cast.province_officer)
        rates = {one.metric: one for one in evaluated(case).rates}
        assert rates[Metric.COMPOSITE].value == Fraction(687, 65000)
        assert all(one.passes for one in rates.values())

    @pytest.mark.parametrize(
        ("changed", "field"),
        [({"wrongly_exited": 1001}, ""), (dict.fromkeys(vars(SAMPLE), 0), "")],
    )
    def test_a_part_is_not_larger_than_its_whole(self, cast, case, changed, field):
        carry(case, cast, *PREPARED)
        with pytest.raises(EntryRefused) as refused:
            record_evaluation(case.pk, report(**changed), by=cast.province_officer)
        assert {name for name, _text in refused.value.faults} == {field}

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"exited_total": 999}, "exited_sampled"),
            ({"unregistered_total": 999}, "unregistered_sampled"),
        ],
    )
    def test_nobody_samples_more_people_than_there_are(self, cast, case, changed, field):
        carry(case, cast, *PREPARED)
        with pytest.raises(EntryRefused) as refused:
            record_evaluation(case.pk, report(**changed), by=cast.province_officer)
        [(name, text)] = refused.value.faults
        assert (name, text) == (
            field, "1,000 in the sample, but the county has 999 of them in all.",
        )  # fmt: skip

    def test_nobody_counts_more_people_than_live_in_the_county(self, cast, case):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(rural_population=61_400), by=cast.province_officer)
        with pytest.raises(EntryRefused) as refused:
            record_evaluation(case.pk, report(rural_population=61_399), by=cast.province_officer)
        [(name, text)] = refused.value.faults
        assert (name, "61,400 together" in text) == ("rural_population", True)

    def test_the_database_as_well_refuses_more_people_than_live_there(self, cast, case):
        counts = vars(replace(SAMPLE, rural_population=61_399))
        days = {"first_day": business_date(), "last_day": business_date()}
        with pytest.raises(IntegrityError, match="all_counted_live_in_the_county"):
            Evaluation.objects.create(
                case=case, evaluator="省社科院", recorded_by=cast.province_officer, **days, **counts
            )

    def test_one_that_began_before_the_exit_was_proposed_judges_another_one(self, cast, case):
        carry(case, cast, *PREPARED)
        early = replace(report(), first_day=case.opened_on - timedelta(days=1))
        with pytest.raises(EntryRefused) as refused:
            record_evaluation(case.pk, early, by=cast.province_officer)
        [(name, text)] = refused.value.faults
        assert (name, text.startswith("The exit was proposed on")) == ("first_day", True)
        on_the_day = replace(report(), first_day=case.opened_on)
        assert record_evaluation(case.pk, on_the_day, by=cast.province_officer).pk

    def test_its_report_is_not_received_before_it_ended(self, cast, case):
        carry(case, cast, *PREPARED)
        wait_for_notice(case)
        record_evaluation(case.pk, report(), by=cast.province_officer)
        case.refresh_from_db()
        known = {"by": cast.province_officer, "version": case.version}
        early = {"received_on": business_date() - timedelta(days=1)}
        with pytest.raises(Incomplete) as refused:
            advance(case.pk, "evaluate", **known, evidence=early)
        assert set(refused.value.details["fields"]) == {"received_on"}
        assert advance(case.pk, "evaluate", **known, evidence={"received_on": business_date()})

    def test_what_contradicts_the_register_is_told_at_its_field_with_both_figures(self, cast, case):
        make.make_household(state=State.EXITED, persons=7)
        carry(case, cast, *PREPARED)
        silent = replace(report(), explanation=" ")
        with pytest.raises(EntryRefused) as refused:
            record_evaluation(case.pk, silent, by=cast.province_officer)
        faults = dict(refused.value.faults)
        population = f"{case.facts['population']:,}"
        assert set(faults) == {"remaining_poor", "exited_total", "rural_population"}
        assert faults["remaining_poor"].startswith("400 in the report, 19 on record here.")
        assert faults["exited_total"].startswith("9,000 in the report, 7 on record here.")
        assert faults["rural_population"].startswith(f"65,000 in the report, {population} on")

    def test_what_the_register_says_too_needs_no_explanation(self, cast, case):
        make.make_household(state=State.EXITED, persons=7)
        carry(case, cast, *PREPARED)
        known = replace(
            SAMPLE, exited_sampled=7, wrongly_exited=0, exited_total=7, remaining_poor=19,
            unregistered_total=5000, rural_population=case.facts["population"],
        )  # fmt: skip
        silent = replace(report(), sample=known, explanation="")
        assert record_evaluation(case.pk, silent, by=cast.province_officer).on_record == {
            "remaining_poor": 19, "exited_total": 7, "rural_population": case.facts["population"],
        }  # fmt: skip

    def test_it_is_not_recorded_before_the_verification_nor_by_the_county(self, cast, case):
        with pytest.raises(Refused, match="between the verification"):
            record_evaluation(case.pk, report(), by=cast.province_officer)
        with pytest.raises(NotAllowed):
            record_evaluation(case.pk, report(), by=cast.county_clerk)

    def test_without_a_result_the_case_stays(self, cast, case):
        carry(case, cast, *PREPARED)
        wait_for_notice(case)
        with pytest.raises(Refused, match="special evaluation is not on record"):
            step(case, "evaluate", cast.province_officer)


class TestDeciding:
    """The province decides; any one failing figure stops the county."""

    def test_the_county_leaves_the_list_by_the_provinces_approval(self, cast, county, case):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(), by=cast.province_officer)
        carry(case, cast, "evaluate", "approve")
        county.refresh_from_db()
        assert (case.state, county.exit_year, county.case) == ("approved", YEAR, case)
        line = NoticeLine.objects.get(case=case)
        assert line.group == "1 poor village"
        assert (line.householder, line.people) == (county.division.name, case.facts["population"])

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"remaining_poor": 1013}, "composite incidence is 2.00 %"),
            ({"wrongly_exited": 20, "exited_total": 1000}, "wrong-exit rate is 2.00 %"),
            ({"missed": 20, "unregistered_total": 1000}, "missed rate is 2.00 %"),
            ({"households_approving": 1799}, "acceptance is 89.95 %"),
        ],
        ids=["composite", "wrong", "missed", "acceptance"],
    )
    def test_any_one_failing_figure_vetoes(self, cast, case, changed, why):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(**changed), by=cast.province_officer)
        carry(case, cast, "evaluate")
        with pytest.raises(Refused, match=re.escape(why)):
            step(case, "approve", cast.province_approver)

    def test_a_county_that_is_not_eligible_any_more_is_stale(self, cast, county, case):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(), by=cast.province_officer)
        carry(case, cast, "evaluate")
        listed(make.NEXT_VILLAGE)
        with pytest.raises(Stale, match="1 of 2 listed villages"):
            step(case, "approve", cast.province_approver)
        county.refresh_from_db()
        assert county.exited_on is None

    @pytest.mark.parametrize(
        ("name", "limit", "value", "label"),
        [
            ("review", EXIT_INCIDENCE_LIMIT, 190, "Limit of the incidence"),
            ("verify", EXIT_WRONG_LIMIT, 100, "Limit of the wrong-exit rate"),
            ("evaluate", EXIT_MISSED_LIMIT, 100, "Limit of the missed rate"),
            ("approve", EXIT_ACCEPTANCE_LEAST, 9500, "Least acceptance"),
        ],
    )
    def test_limits_that_changed_since_the_proposal_hold_every_decision(
        self, cast, case, name, limit, value, label
    ):
        before = STEPS[: STEPS.index(name)]
        carry(case, cast, *(one for one in before if one in PREPARED))
        if "post" in before:
            record_evaluation(case.pk, report(), by=cast.province_officer)
        carry(case, cast, *(one for one in before if one not in PREPARED))
        limited(cast, limit, value)
        wait_for_notice(case)
        with pytest.raises(Stale, match="limits that counties are held to") as stale:
            carry(case, cast, name)
        [row] = stale.value.details["differences"]
        assert (row["label"], row["after"]) == (label, f"{value // 100}.{value % 100:02} %")

    def test_once_the_new_limits_are_taken_over_the_case_goes_on(self, cast, case):
        limited(cast, EXIT_ACCEPTANCE_LEAST, 9500)
        take_over(case.pk, by=cast.county_clerk, version=case.version, note="新标准")
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(), by=cast.province_officer)
        carry(case, cast, "evaluate")
        with pytest.raises(Refused, match=r"acceptance is 90.00 %; it must be at least 95.00 %"):
            step(case, "approve", cast.province_approver)

    def test_births_and_moves_alone_hold_nothing(self, cast, case):
        carry(case, cast, *PREPARED)
        record_evaluation(case.pk, report(), by=cast.province_officer)
        make.make_household(state=State.POOR)
        carry(case, cast, "evaluate", "approve")
        assert case.state == "approved"

    def test_the_city_reviews_and_the_county_does_not(self, cast, case):
        with pytest.raises(NotAllowed):
            step(case, "review", cast.county_approver)
