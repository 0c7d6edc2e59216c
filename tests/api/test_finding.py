"""The finding at the door is that of the page: the same account, verdict and reasons."""

import pytest

from households.models import Standard
from registry.pages.queries.finding import Known, finding_view
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def poor(tree):
    household = make.make_household(persons=2)
    make.make_survey(household, 2019, wage_income="5000.00", housing=0, food=None)
    return household


def test_the_finding_is_the_account_of_the_page(door, poor):
    body = door.get(f"households/{poor.number}/finding/?year=2019").body
    view = finding_view(poor, 2019, Known(), persons=2)
    found = body["finding"]
    assert found["verdict"] == view.explanation.verdict
    assert [one["sentence"] for one in found["reasons"]] == [
        point.sentence for point in view.explanation.points
    ]
    assert (body["proposal"], body["warnings"]) == (view.proposal, view.warnings)


def test_the_figures_of_the_finding_are_exact_texts(door, poor):
    standard = Standard.objects.holding(make.VILLAGE, 2019).first()
    body = door.get(f"households/{poor.number}/finding/?year=2019").body
    assert body["standard"]["line"] == f"{standard.line:.2f}"
    assert {name: body["finding"][name] for name in (
        "persons", "net_income", "per_capita_net_income", "needed", "lacks", "gaps", "exit_ready",
    )} == {
        "persons": 2,
        "net_income": "5000.00",
        "per_capita_net_income": "2500.00",
        "needed": f"{standard.line * 2:.2f}",
        "lacks": ["income", "housing"],
        "gaps": ["food"],
        "exit_ready": False,
    }  # fmt: skip


def test_a_loss_has_its_sign_in_front(door, tree):
    household = make.make_household()
    make.make_survey(household, 2019, business_expense="0.05")
    found = door.get(f"households/{household.number}/finding/?year=2019").body["finding"]
    assert (found["net_income"], found["per_capita_net_income"]) == ("-0.05", "-0.05")


def test_a_year_without_a_survey_is_judged_as_unknown(door, poor):
    body = door.get(f"households/{poor.number}/finding/?year=2018").body
    assert body["surveyed_at"] is None
    assert (body["finding"]["net_income"], len(body["finding"]["gaps"])) == (None, 11)


def test_a_year_without_a_standard_has_no_finding(door, poor):
    body = door.get(f"households/{poor.number}/finding/?year=2003").body
    assert (body["standard"], body["finding"], body["proposal"]) == (None, None, None)


def test_without_a_year_the_last_one_with_a_standard_is_judged(door, poor):
    latest = Standard.objects.published().order_by("-year").first()
    assert door.get(f"households/{poor.number}/finding/").body["year"] == latest.year


def test_the_sentences_follow_the_language(door, poor):
    path = f"households/{poor.number}/finding/?year=2019"
    chinese = door.get(path, Accept_Language="zh-CN").body["finding"]
    assert chinese["verdict"] != door.get(path).body["finding"]["verdict"]
    assert chinese["net_income"] == "5000.00"


def test_a_finding_costs_a_fixed_number_of_queries(door, poor, django_assert_max_num_queries):
    door.get("codes/")
    with django_assert_max_num_queries(9):
        door.get(f"households/{poor.number}/finding/?year=2019")
