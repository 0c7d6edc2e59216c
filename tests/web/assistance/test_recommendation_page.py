"""The page that says what suits a household, why, and what stands against the rest."""

from datetime import date

import pytest
from django.urls import reverse

from households.rules import State
from tests import factories as make
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def poor(cast):
    household = make.make_household(
        state=State.POOR, main_cause="08", other_causes=["07"], housing_grade="D", needs=["REL"]
    )
    age = {"birth_date": date(business_date().year - 75, 1, 1)}
    make.make_member(household, name="王老汉", labour="05", work_months=0, **age)
    make.make_member(household, name="王小明", labour="01", birth_date=date(1990, 1, 1))
    return household


def page(client, household, **asked):
    return client.get(reverse("assistance:recommendation", args=[household.number]), asked)


def row_of(answer, name: str, code: str):
    return next(one for one in answer.context[name] if one.measure.code == code)


def test_it_shows_the_best_first_with_the_reason_of_each(cast, signed_in, poor):
    answer = page(signed_in(cast.village_official), poor)
    ranks = [one.priority for one in answer.context["recommended"]]
    assert ranks == sorted(ranks)
    assert row_of(answer, "recommended", "REL-MOVE").said_reasons == [
        "the house is of grade C or D"
    ]
    assert b"lack of labour is a cause, or a quarter" in answer.content


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("HOU-D", "does not go together with relocation"),
        ("PUB-POST", "not met: age: 16 to 69; here 75"),
        (
            "EMP-TRAIN",
            "does not suit the household: lack of labour is a cause, or a quarter of the members or"
            " fewer are able to work",
        ),
        ("AST-LAND", "not met: arable land (mu): at least 1; here unknown"),
    ],
)
def test_it_says_what_stands_against_the_others(cast, signed_in, poor, code, said):
    answer = page(signed_in(cast.village_official), poor)
    assert said in row_of(answer, "against", code).said_against
    assert said in answer.content.decode()


def test_what_is_enjoyed_already_and_a_cap_are_said(cast, signed_in, poor):
    poor.main_cause, poor.other_causes = "04", []
    poor.save()
    plan = make.make_plan(poor, business_date().year)
    make.make_item(plan, "IND-INS")
    make.make_item(plan, "SOC-RELIEF", planned=20_000)
    answer = page(signed_in(cast.village_official), poor)
    assert row_of(answer, "against", "IND-INS").said_against == ["enjoyed already"]
    assert "the cap is reached" in row_of(answer, "against", "SOC-RELIEF").said_against


def test_it_speaks_chinese(cast, signed_in, poor):
    client = signed_in(cast.village_official)
    client.post(reverse("set_language"), {"language": "zh-hans"})
    content = page(client, poor).content.decode()
    assert "住房为C级或D级危房" in content
    assert "易地扶贫搬迁" in content


def test_it_leads_to_the_plan_or_to_its_draft(cast, signed_in, poor):
    client = signed_in(cast.village_official)
    assert b"Draft a plan from it" in page(client, poor).content
    plan = make.make_plan(poor, business_date().year)
    assert reverse("assistance:plan", args=[plan.uuid]) in page(client, poor).content.decode()


def test_a_helper_sees_it_for_his_own_households_alone(cast, signed_in, poor):
    client = signed_in(cast.helper)
    assert page(client, poor).status_code == 404
    make.make_pairing(poor, make.make_cadre(account=cast.helper))
    assert page(client, poor).status_code == 200


@pytest.mark.parametrize(("part", "status"), [("stranger", 404), ("county_clerk", 200)])
def test_it_keeps_to_the_posting(cast, signed_in, poor, part, status):
    assert page(signed_in(getattr(cast, part)), poor).status_code == status


def test_a_reader_of_figures_does_not_see_it(cast, signed_in, poor):
    assert page(signed_in(cast.reader), poor).status_code in (403, 404)


def test_without_a_need_it_says_what_to_do(cast, signed_in):
    household = make.make_household(state=State.POOR)
    make.make_member(household, labour="01", birth_date=date(1990, 1, 1))
    answer = page(signed_in(cast.village_official), household)
    assert answer.context["recommended"] == []
    assert b"Nothing is recommended" in answer.content


def test_its_queries_do_not_grow_with_the_measures(
    cast, signed_in, poor, django_assert_max_num_queries
):
    client = signed_in(cast.village_official)
    page(client, poor)
    for _ in range(3):
        make.make_member(poor, health="03", labour="03")
    with django_assert_max_num_queries(24):
        page(client, poor)
