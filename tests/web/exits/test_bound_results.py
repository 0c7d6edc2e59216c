"""What a decision on a place rests on stands in its facts, and only what came since its return."""

import pytest
from django.urls import reverse

from exits.actions.counties import record_evaluation
from exits.actions.villages import Finding, judge_indicator, take_over
from exits.queries.recomputing import places_again
from households.models import VillageRecord
from households.rules import State
from tests import factories as make
from tests.procedures import wait_for_notice
from tests.web.exits import standing as shared
from tests.web.exits.listed import (
    YEAR,
    asked,
    carry,
    eligible_county,
    proposed,
    proposed_county,
    ready_village,
    step,
)
from tests.web.exits.test_county_exit import report
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.rules import digest
from workflow.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
standing, cast = shared.standing, shared.cast


@pytest.fixture
def county(cast) -> Case:
    eligible_county(cast)
    case = proposed_county(cast.county_clerk)
    carry(case, cast, "review", "verify", "post")
    return case


@pytest.fixture
def village(cast) -> Case:
    asked(vetoes=True)
    ready_village()
    return proposed(cast.township_reviewer)


def judged(case: Case, by, *, met=True) -> int:
    return judge_indicator(case.pk, "TV", Finding(met, "各组能收看", business_date()), by=by).pk


class TestEvaluation:
    """The result of the special evaluation of a county."""

    def test_the_approval_keeps_its_counts_and_rates_under_its_hash(self, cast, county):
        one = record_evaluation(county.pk, report(), by=cast.province_officer)
        carry(county, cast, "evaluate", "approve")
        event = county.events.get(step="approve")
        kept = event.facts["steps"]["evaluate"]
        assert (kept["evaluation"], kept["sample"]["exited_sampled"]) == (one.pk, 1000)
        assert kept["rates"]["composite"] == "687/65000"
        assert event.facts_hash == digest(event.facts)
        assert county.events.get(step="evaluate").facts == event.facts

    def test_a_result_of_before_a_return_counts_no_more(self, cast, county):
        record_evaluation(county.pk, report(), by=cast.province_officer)
        carry(county, cast, "evaluate")
        step(county, "return", cast.province_approver, note="样本不可信")
        assert "steps" not in county.facts
        step(county, "resend", cast.county_clerk)
        carry(county, cast, "review", "verify", "post")
        wait_for_notice(county)
        with pytest.raises(Refused, match="is not on record"):
            step(county, "evaluate", cast.province_officer)
        second = record_evaluation(county.pk, report(), by=cast.province_officer)
        carry(county, cast, "evaluate")
        assert county.facts["steps"]["evaluate"]["evaluation"] == second.pk

    def test_who_recorded_a_result_that_another_corrected_decides_nothing(self, cast, county):
        once = record_evaluation(county.pk, report(), by=cast.province_officer)
        once.pk, once.recorded_by = None, cast.province_approver  # in his former role
        once.save(force_insert=True)
        record_evaluation(county.pk, report(), by=cast.province_officer)
        carry(county, cast, "evaluate")
        with pytest.raises(NotAllowed, match="You took part in this case"):
            step(county, "approve", cast.province_approver)


class TestJudgements:
    """What somebody found about indicators without a figure."""

    def test_the_verification_binds_them_and_the_approval_keeps_them(self, cast, village):
        key = judged(village, cast.township_reviewer)
        carry(village, cast, "verify")
        assert village.facts["steps"]["verify"]["judgements"] == {"TV": key}
        carry(village, cast, "post", "approve")
        kept = village.events.get(step="approve").facts["steps"]["verify"]
        assert (kept["met"]["TV"], kept["incidence"], kept["faults"]) == (True, "0.00 %", 0)

    def test_those_of_before_a_return_count_no_more(self, cast, village):
        judged(village, cast.township_reviewer)
        carry(village, cast, "verify", "post")
        wait_for_notice(village)
        step(village, "return", cast.county_approver, note="再核实")
        step(village, "resend", cast.township_reviewer)
        with pytest.raises(Refused, match="“television” is not known"):
            step(village, "verify", cast.county_clerk)
        judged(village, cast.township_reviewer)
        carry(village, cast, "verify")
        assert village.state == "verified"

    def test_who_judged_first_verifies_nothing_of_what_another_judged_after_him(
        self, cast, village
    ):
        judged(village, cast.county_clerk, met=False)
        judged(village, cast.township_reviewer)
        with pytest.raises(NotAllowed, match="You took part in this case"):
            step(village, "verify", cast.county_clerk)

    def test_who_recorded_figures_that_another_corrected_decides_nothing(self, cast, village):
        once = VillageRecord.everywhere.get()
        again = VillageRecord.everywhere.create(
            village_id=make.VILLAGE, year=YEAR, values=once.values, corrects=once, reason="核实",
            recorded_by=cast.county_approver,
        )  # fmt: skip
        VillageRecord.everywhere.create(
            village_id=make.VILLAGE, year=YEAR, values=once.values, corrects=again, reason="核实",
            recorded_by=make.the_operator(),
        )  # fmt: skip
        judged(village, cast.township_reviewer)
        carry(village, cast, "verify", "post")
        wait_for_notice(village)
        with pytest.raises(NotAllowed, match="You took part in this case"):
            step(village, "approve", cast.county_approver)

    def test_replaced_figures_ask_for_new_ones(self, cast, village):
        judged(village, cast.township_reviewer)
        carry(village, cast, "verify")
        make.make_household(state=State.POOR)
        take_over(village.pk, by=cast.township_reviewer, version=village.version, note="新增一户")
        village.refresh_from_db()
        assert "steps" not in village.facts
        with pytest.raises(Refused, match="“television” is not known"):
            step(village, "verify", cast.county_clerk)


class TestMadeAgain:
    """The decision made again from the facts that it kept, and from the rows that they name."""

    def rows(self, signed_in, officer, case):
        page = signed_in(officer).post(reverse("pages:case_explained", args=[case.pk]))
        assert page.context["all_same"]
        [again] = page.context["again"]
        return {one.label: one.again for one in again.values}

    def test_of_a_village(self, cast, village, signed_in):
        judged(village, cast.township_reviewer)
        carry(village, cast, "verify", "post", "approve")
        rows = self.rows(signed_in, cast.county_approver, village)
        assert rows["Rural registered population"] == "1,000"
        assert (rows["television"], rows["a clinic"]) == ("met", "met")
        assert (rows["Incidence"], rows["The facts allow the exit"]) == (
            "hidden, few persons",
            "yes",
        )

    def test_of_a_county(self, cast, county, signed_in):
        record_evaluation(county.pk, report(), by=cast.province_officer)
        carry(county, cast, "evaluate", "approve")
        rows = self.rows(signed_in, cast.province_approver, county)
        assert (rows["exited persons in the sample"], rows["Wrong-exit rate"]) == (
            "1,000",
            "3/1000",
        )
        assert (rows["Composite incidence"], rows["The facts allow the exit"]) == (
            "687/65000",
            "yes",
        )

    def test_of_a_county_with_few_poor_persons_tells_none_of_what_adds_up_to_them(
        self, cast, county, signed_in
    ):
        record_evaluation(county.pk, report(remaining_poor=3), by=cast.province_officer)
        carry(county, cast, "evaluate", "approve")
        rows = self.rows(signed_in, cast.province_approver, county)
        untold = {label for label, again in rows.items() if again == "hidden, few persons"}
        assert untold == {
            "persons still on the register", "persons never registered of the county",
            "Composite incidence", "Incidence",
        }  # fmt: skip

    def test_what_was_changed_of_a_county_is_named(self, cast, county):
        record_evaluation(county.pk, report(), by=cast.province_officer)
        carry(county, cast, "evaluate", "approve")
        kept = ("steps", "evaluate")
        assert "Wrong-exit rate" in differing(county, (*kept, "rates", "wrong"), "1/1000")
        assert "of them missed" in differing(county, (*kept, "sample", "missed"), 9)
        assert "The facts allow the exit" in differing(county, ("limits", "wrong_bp"), 1)

    def test_what_was_changed_of_a_village_is_named(self, cast, village):
        judged(village, cast.township_reviewer)
        carry(village, cast, "verify", "post", "approve")
        assert "Rural registered population" in differing(village, ("population",), 2000)
        assert "television" in differing(village, ("steps", "verify", "met", "TV"), False)


def differing(case: Case, path: tuple[str, ...], value: object) -> set[str]:
    """What does not come out again of an approval with one value of its facts changed."""
    event = case.events.select_related("case").get(step="approve")
    inner = event.facts
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return {one.label for one in places_again([event])[event.pk] if not one.is_same}
