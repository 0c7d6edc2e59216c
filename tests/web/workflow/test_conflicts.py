"""What an officer who was slower may do with what he had typed."""

from decimal import Decimal

import pytest
from django.urls import reverse

from households.actions import take_over_facts
from households.models import Household
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, open_for, take
from workflow.models import Case

TYPED = "缺少银行流水"


@pytest.fixture
def case(tree, cast, calendar) -> Case:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    return open_for(household, "exit", by=cast.county_clerk)


@pytest.fixture
def late(case, cast, signed_in):
    """Sends a step of the approver at the version that he saw, which is not the present one."""

    def sent(step: str, version: int, **entries):
        target = reverse("pages:case_step", args=[case.pk, step])
        return signed_in(cast.county_approver).post(target, {"version": version} | entries)

    return sent


def test_a_step_that_is_still_his_is_sent_again_with_his_words(case, cast, late):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post", "check")
    seen = case.version
    other = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    take(case, "doubt", by=other, note="工资证明不足")
    answer = late("return", seen, reason="evidence", note=TYPED)
    form = answer.context["form"]
    assert answer.status_code == 409
    assert (form["note"].value(), form["reason"].value()) == (TYPED, "evidence")
    assert late("return", form["version"].value(), reason="evidence", note=TYPED).status_code == 302


def test_a_step_that_is_no_more_possible_leaves_his_words_to_read(case, cast, late):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post", "check")
    seen = case.version
    other = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    take(case, "approve", by=other)
    answer = late("return", seen, reason="evidence", note=TYPED)
    assert answer.context["form"] is None
    assert [str(value) for _label, value in answer.context["typed"]] == ["缺少佐证", TYPED]
    assert TYPED in answer.text
    assert answer.context["acts"][0].event.actor_name == other.name


def test_a_decision_on_facts_that_were_replaced_is_not_sent_again_unseen(case, cast, late):
    """The form comes back on the page that shows the new facts alone."""
    seen = case.version
    survey = case.facts["survey"]
    household = Household.everywhere.get(number=case.subject)
    make.make_survey(household, 2019, wage_income=Decimal(9_000), corrects_id=survey)
    take_over_facts(case.pk, by=cast.county_clerk, version=seen, note="更正工资")
    answer = late("plan", seen, note=TYPED)
    assert answer.status_code == 409
    assert answer.context["form"] is None
    assert answer.context["changes"]
    assert TYPED in answer.text
