"""The yearly evaluation of a plan: who gives it, once, sealed; what changed stands beside it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.actions.evaluating import Evaluation, Said, evaluate_plan
from assistance.models import ItemStatus, Plan
from assistance.queries.evaluations import evaluation_of
from assistance.rules.effect import Outcome
from households.rules import State
from tests import factories as make
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "cast")]
WORDS = "日子好过多了"


@pytest.fixture
def plan():
    household = make.make_household(state=State.POOR)
    found = make.make_plan(household, 2024, approved_on=date(2024, 2, 1))
    make.make_item(found, "IND-OWN", status=ItemStatus.ONGOING)
    return found


def item_of(plan):
    return plan.items.get()


def said(plan, **fields):
    items = {item_of(plan).pk: Said(Outcome.INCOME, "养鸡")}
    return Evaluation(**{"satisfaction": 4, "words": WORDS, "items": items} | fields)


def address(plan, name="evaluate"):
    return reverse(f"assistance:{name}", args=[plan.uuid])


def typed(plan, **fields):
    key = item_of(plan).pk
    sent = {"version": 1, "satisfaction": "4", "words": WORDS, f"outcome_{key}": "income"}
    return sent | fields


def test_an_evaluation_is_kept_and_its_words_are_sealed(cast, plan, signed_in):
    answer = signed_in(cast.village_official).post(address(plan), typed(plan), follow=True)
    assert "The evaluation is kept." in answer.text
    assert WORDS in answer.text
    assert "raised the income" in answer.text
    plan.refresh_from_db()
    assert (plan.satisfaction, plan.evaluated_by, plan.version) == (4, cast.village_official, 2)
    assert WORDS.encode() not in bytes(plan.evaluation_sealed)
    found = evaluation_of(plan)
    assert (found.words, found.items[item_of(plan).pk].outcome) == (WORDS, "raised the income")
    traced = Change.objects.get(action="evaluate_plan")
    assert traced.after == {"satisfaction": 4, "items": 1}


def test_nobody_evaluates_twice(cast, plan, signed_in):
    evaluate_plan(plan.pk, said(plan), version=1, by=cast.village_official)
    with pytest.raises(Refused, match="evaluated once"):
        evaluate_plan(plan.pk, said(plan), version=2, by=cast.township_reviewer)
    page = signed_in(cast.township_reviewer).get(address(plan, "plan_effect"))
    assert "Evaluate the plan" not in page.text


def test_only_an_approved_plan_is_evaluated(cast, plan):
    Plan.everywhere.update(approved_on=None)
    with pytest.raises(Refused, match="approved plan"):
        evaluate_plan(plan.pk, said(plan), version=1, by=cast.village_official)


def test_every_measure_is_spoken_about(cast, plan, signed_in):
    sent = typed(plan, **{f"outcome_{item_of(plan).pk}": ""})
    answer = signed_in(cast.village_official).post(address(plan), sent)
    assert answer.status_code == 400
    assert "choose one of those offered." in answer.text
    assert WORDS in answer.text
    with pytest.raises(Refused) as refused:
        evaluate_plan(plan.pk, said(plan, items={}), version=1, by=cast.village_official)
    assert f"outcome_{item_of(plan).pk}" in dict(refused.value.faults)


def test_a_plan_that_changed_meanwhile_is_told_and_the_words_are_kept(cast, plan, signed_in):
    Plan.everywhere.update(version=2)
    with pytest.raises(Stale):
        evaluate_plan(plan.pk, said(plan), version=1, by=cast.village_official)
    answer = signed_in(cast.village_official).post(address(plan), typed(plan))
    assert answer.status_code == 409
    assert WORDS in answer.text
    assert answer.context["form"].data["version"] == "2"


def test_a_helper_evaluates_the_plans_of_his_own_households(cast, plan, signed_in):
    client = signed_in(cast.helper)
    assert client.get(address(plan)).status_code == 404
    with pytest.raises(NotAllowed, match="not the helper of this household"):
        evaluate_plan(plan.pk, said(plan), version=1, by=cast.helper)
    make.make_pairing(plan.household, make.make_cadre(account=cast.helper))
    assert client.post(address(plan), typed(plan)).status_code == 302


@pytest.mark.parametrize(("part", "status"), [("county_clerk", 403), ("reader", 404)])
def test_others_do_not_evaluate(cast, plan, signed_in, part, status):
    officer = getattr(cast, part)
    assert signed_in(officer).get(address(plan)).status_code == status
    with pytest.raises(NotAllowed):
        evaluate_plan(plan.pk, said(plan), version=1, by=officer)


def test_the_result_tells_what_changed_since_the_year_before(cast, plan, signed_in):
    make.make_survey(plan.household, 2023, wage_income=Decimal(2000), water=0)
    make.make_survey(plan.household, 2025, wage_income=Decimal(5000))
    answer = signed_in(cast.village_official).get(address(plan, "plan_effect"))
    effect = answer.context["effect"]
    assert (effect.before_year, effect.after_year) == (2023, 2025)
    assert effect.kinds["wage_income"].difference == 300_000
    assert "3,000.00" in answer.text
    assert "Guarantees mended: Safe drinking water" in " ".join(answer.text.split())


def test_the_plan_of_a_village_is_evaluated_without_incomes(cast, signed_in):
    found = make.make_plan(village_id=make.VILLAGE, year=2024, approved_on=date(2024, 2, 1))
    make.make_item(found, "INF-ROAD", status=ItemStatus.ONGOING)
    client = signed_in(cast.village_official)
    assert client.post(address(found), typed(found)).status_code == 302
    assert "What changed" not in client.get(address(found, "plan_effect")).text
