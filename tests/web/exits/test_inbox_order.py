"""The order of risk: what stands high in the inbox of who approves, and when it is weighed."""

from decimal import Decimal

from django.urls import reverse

from exits.rules.risk import weight_in
from exits.tasks import weigh_cases
from households.actions import take_over_facts
from identification import actions as identification
from tests import factories as make
from tests.procedures import carry, open_for, open_unhelped
from tests.web.exits import test_flagged as of_flags
from tests.web.exits.test_flagged import HUGGING, PREPARED, in_inbox
from trail.dates import business_date
from workflow.actions import (
    dismiss_objection,
    record_objection,
)
from workflow.models import Case

exit_of, flagged = of_flags.exit_of, of_flags.flagged


def weight(case):
    case.refresh_from_db()
    return weight_in(case.risk)


class TestOrder:
    """By the weight of the flags, then by the distance from the line."""

    def test_the_heaviest_flags_come_first_then_the_nearest_to_the_line(
        self, exit_of, cast, signed_in
    ):
        far, near = exit_of(Decimal(60_000)), exit_of()
        hugging, unhelped = exit_of(HUGGING), exit_of(by_hand=open_unhelped)
        both = exit_of(Decimal(3_000), transfer_income=Decimal(3_500))
        rows = in_inbox(signed_in(cast.county_approver))
        assert [row.case.pk for row in rows] == [
            one.pk for one in (both, unhelped, hugging, near, far)
        ]

    def test_the_row_says_why_it_stands_there(self, exit_of, cast, signed_in, in_english):
        exit_of(HUGGING)
        exit_of()
        first, second = in_inbox(signed_in(cast.county_approver))
        assert first.why == "Risk 5: hugs the line 4, close to the line 1"
        assert second.why == "Risk 0"
        page = signed_in(cast.county_approver).get(reverse("pages:inbox") + "?order=risk")
        assert first.why in page.text

    def test_who_has_chosen_the_deadline_keeps_it_on_the_tabs(self, exit_of, cast, signed_in):
        exit_of(HUGGING)
        client = signed_in(cast.county_approver)
        page = client.get(reverse("pages:inbox") + "?order=deadline")
        assert page.context["wanted"].order == "deadline"
        assert all("order=deadline" in url for _name, _label, url in page.context["tabs"])

    def test_the_tab_of_deadlines_opens_by_deadline(self, exit_of, cast, signed_in):
        exit_of(HUGGING)
        page = signed_in(cast.county_approver).get(reverse("pages:inbox") + "?tab=due")
        assert page.context["wanted"].order == "deadline"
        assert page.context["form"]["order"].value() == "deadline"

    def test_the_township_opens_by_deadline(self, exit_of, cast, signed_in):
        exit_of(HUGGING)
        page = signed_in(cast.township_reviewer).get(reverse("pages:inbox"))
        assert page.context["wanted"].order == "deadline"

    def test_the_next_case_is_the_next_lighter_one(self, exit_of, cast, signed_in):
        sound, hugging = exit_of(), exit_of(HUGGING)
        client = signed_in(cast.county_approver)

        def next_of(case):
            return client.get(reverse("pages:case_next", args=[case.pk]))["Location"]

        assert next_of(hugging) == reverse("pages:case", args=[sound.pk])
        assert next_of(sound) == reverse("pages:case", args=[hugging.pk])

    def test_an_objection_is_weighed_when_it_comes_and_when_it_is_resolved(self, exit_of, cast):
        case = exit_of()
        carry(case, cast, *PREPARED[:-1])
        by, day = cast.village_official, business_date()
        objection = record_objection(case.pk, by=by, received_on=day, text="有车")
        assert weight(case) == 8
        dismiss_objection(objection.pk, by=cast.township_reviewer, finding="借用")
        assert weight(case) == 0

    def test_a_red_line_is_weighed_when_it_is_recorded(self, cast, calendar, tree):
        household = make.make_household()
        make.make_survey(household, 2019, water=0)
        case = open_for(household, "identification", by=cast.county_clerk)
        carry(case, cast, "apply", "visit", "compare", "appraise", "post", "review", "recheck")
        before = weight(case)
        identification.record_red_line(
            case.pk, by=cast.township_reviewer, rule="house", member=None, found="楼房"
        )
        assert weight(case) == before + 9

    def test_new_facts_are_weighed_when_they_are_taken_over(self, exit_of, cast):
        case = exit_of()
        household = make.Household.everywhere.get(number=case.subject)
        make.make_survey(household, 2019, wage_income=HUGGING, corrects_id=case.facts["survey"])
        assert weight(case) == 0
        take_over_facts(case.pk, by=cast.county_clerk, version=1, note="更正")
        assert weight(case) == 5

    def test_what_changes_without_a_step_is_weighed_at_night(self, exit_of):
        case, other = exit_of(by_hand=open_unhelped), exit_of(HUGGING)
        assert (weight(case), weight(other)) == (7, 5)
        make.make_help(make.Household.everywhere.get(number=case.subject), 2019)
        Case.everywhere.filter(pk=other.pk).update(risk=0)
        weigh_cases()
        assert (weight(case), weight(other)) == (0, 5)
