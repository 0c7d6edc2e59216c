"""The pages of plans: the list of each role, drafting in one press, the plan, forms, scope."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import escape

from assistance.actions.planning import open_change
from assistance.models import Item, Plan
from households.rules import State
from tests import factories as make
from tests.web.assistance.planned import (
    GOAL,
    SIGNED,
    approved,
    case_of,
    drafted,
    make_poor,
    signed,
    take,
    this_year,
    with_item,
    worker_of,
)
from trail.dates import business_date
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def household(tree):
    return make_poor()


@pytest.fixture
def village(cast, signed_in):
    return signed_in(cast.village_official)


@pytest.fixture
def plan(cast, household):
    return drafted(household, cast.village_official)


def page_of(plan: Plan, name: str = "plan", *args: object) -> str:
    return reverse(f"assistance:{name}", args=[plan.uuid, *args])


def listed(client, **query) -> str:
    return client.get(reverse("assistance:plans"), query).text


def typed(**fields):
    """What a browser sends of the form of a measure."""
    return {
        "content": "",
        "planned": "1000",
        "funding": "county",
        "responsible": "",
        "starts_on": business_date().isoformat(),
        "due_on": f"{this_year()}-12-31",
    } | fields


def test_a_plan_is_drafted_from_the_recommendation_in_one_press(village, household):
    household.main_cause = "06"
    household.save()
    address = reverse("assistance:plan_draft", args=[household.number])
    page = village.get(address)
    ticks = [tick for tick, _option in page.context["ticks"]]
    assert ticks
    assert all(tick.reasons for tick in ticks)
    assert escape(ticks[0].reasons[0]) in page.text
    assert reverse("assistance:recommendation", args=[household.number]) in page.text
    sent = {"goal": GOAL, "year": this_year(), "measures": [tick.key for tick in ticks]}
    answer = village.post(address, sent, follow=True)
    plan = Plan.everywhere.get()
    assert answer.redirect_chain == [(page_of(plan), 302)]
    assert plan.items.count() == len(ticks)
    assert {one.origin for one in plan.items.all()} == {"recommended"}
    assert village.get(address).headers["Location"] == page_of(plan)


def test_a_plan_without_goal_is_refused_at_the_goal(village, household):
    answer = village.post(
        reverse("assistance:plan_draft", args=[household.number]), {"year": this_year()}
    )
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["goal"]


def test_a_measure_is_chosen_in_two_steps_and_a_conflict_is_named_at_the_form(
    cast, village, household, plan
):
    worker = worker_of(household)
    with_item(plan, cast.village_official, "PUB-POST", worker, confirmed=True)
    choice = village.get(page_of(plan, "plan_choose")).text
    address = page_of(plan, "plan_add", "ECO-RANGER")
    assert address in choice
    assert page_of(plan, "plan_add", "HOU-C") in choice
    assert page_of(plan, "plan_add", "INF-ROAD") not in choice
    sent = typed(member=worker.pk, confirmed="on", version=case_of(plan).version)
    answer = village.post(address, sent)
    assert answer.status_code == 400
    assert "shut each other out" in answer.text
    assert plan.items.count() == 1


def test_a_measure_that_somebody_else_changed_meanwhile_is_shown_with_what_was_typed(
    cast, village, plan
):
    version = case_of(plan).version
    with_item(plan, cast.first_secretary)
    address = page_of(plan, "plan_add", "OTH-WILL")
    answer = village.post(address, typed(content="一堂夜校课", version=version))
    assert answer.status_code == 409
    assert "一堂夜校课" in answer.text
    again = typed(version=answer.context["form"]["version"].value())
    assert village.post(address, again).status_code == 302


def test_a_changed_measure_keeps_its_reason_and_a_dropped_one_is_gone(cast, village, plan):
    item = with_item(plan, cast.village_official)
    other = with_item(plan, cast.village_official, "OTH-WILL")
    sent = typed(planned="1500", reason="合作社提高标准", version=case_of(plan).version)
    village.post(reverse("assistance:plan_item_change", args=[item.uuid]), sent)
    sent = {"reason": "农户不愿意", "version": case_of(plan).version}
    village.post(reverse("assistance:plan_item_drop", args=[other.uuid]), sent)
    assert list(Item.everywhere.standing().values_list("code", "planned")) == [
        ("IND-LINK", Decimal(1500))
    ]
    found = Change.objects.filter(action__in=["change_measure", "drop_measure"])
    assert list(found.order_by("pk").values_list("reason", flat=True)) == [
        "合作社提高标准",
        "农户不愿意",
    ]


def test_a_plan_is_signed_and_withdrawn_on_its_own_page(cast, village, plan):
    with_item(plan, cast.village_official)
    today = business_date().isoformat()
    ahead = (business_date() + timedelta(days=1)).isoformat()
    version = case_of(plan).version
    sent = SIGNED | {"head_signed_on": ahead, "helper_signed_on": today, "version": version}
    answer = village.post(page_of(plan, "plan_sign"), sent)
    assert "lies in the future" in answer.text
    answer = village.post(page_of(plan, "plan_sign"), sent | {"head_signed_on": today}, follow=True)
    assert "The township decides on the plan now" in answer.text
    sent = {"reason": "另议", "version": case_of(plan).version}
    village.post(page_of(plan, "plan_withdraw"), sent)
    assert case_of(plan).state == "withdrawn"


def test_a_returned_plan_shows_why_and_is_taken_up(cast, village, plan):
    with_item(plan, cast.village_official)
    signed(plan, cast.village_official)
    take(plan, "return", cast.township_reviewer, note="补充就业措施")
    assert "补充就业措施" in village.get(page_of(plan)).text
    village.post(page_of(plan, "plan_revise"), {"version": case_of(plan).version})
    assert case_of(plan).state == "drafted"


def test_an_agreed_plan_is_changed_and_carried_from_its_page(cast, village, plan):
    item = with_item(plan, cast.village_official)
    approved(plan, cast)
    page = village.get(page_of(plan)).text
    assert page_of(plan, "plan_begin") in page
    answer = village.post(page_of(plan, "plan_begin"), {"reason": "提高标准"}, follow=True)
    replacing = reverse("assistance:plan_item_replace", args=[item.uuid])
    assert replacing in answer.text
    sent = typed(planned="3000", reason="提高标准", version=case_of(plan).version)
    village.post(replacing, sent)
    approved(plan, cast)
    answer = village.post(page_of(plan, "plan_carry"), {}, follow=True)
    after = Plan.everywhere.get(year=this_year() + 1)
    assert answer.redirect_chain == [(page_of(after), 302)]
    assert [one.planned for one in after.items.all()] == [Decimal(3000)]
    carry = page_of(plan, "plan_carry")
    assert carry not in village.get(page_of(plan)).text
    version = case_of(after).version
    village.post(page_of(after, "plan_withdraw"), {"reason": "另议", "version": version})
    assert carry in village.get(page_of(plan)).text
    assert f"Add it to the plan of {after.year}" in village.get(carry).text
    answer = village.post(carry, {}, follow=True)
    assert answer.redirect_chain == [(page_of(after), 302)]
    assert case_of(after).state == "drafted"


def test_the_case_tells_what_stands_against_the_plan_and_who_decides(
    cast, signed_in, household, plan
):
    with_item(plan, cast.village_official, "ECO-GREEN", planned=Decimal(20000), confirmed=True)
    signed(plan, cast.village_official)
    before = make.make_plan(household, this_year() - 1)
    make.make_item(before, "ECO-GREEN", planned=Decimal(10001))
    township = signed_in(cast.township_reviewer)
    page = township.get(reverse("pages:case", args=[case_of(plan).pk]))
    assert page_of(plan) in page.text
    assert GOAL in page.text
    assert "Lower the amount by 1." in page.text
    assert "the county approves it" in page.text
    assert reverse("pages:case", args=[case_of(plan).pk]) in township.get("/inbox/").text
    figures = signed_in(cast.city_reviewer).get(reverse("pages:case", args=[case_of(plan).pk]))
    assert GOAL not in figures.text


@pytest.fixture
def four(cast):
    """A household drafted, one signed, one agreed and one without a plan; a plan of the village."""
    plans = [drafted(make_poor(), cast.village_official) for _ in range(3)]
    for plan in plans:
        with_item(plan, cast.village_official)
    signed(plans[1], cast.village_official)
    approved(plans[2], cast)
    make.make_plan(village_id=make.VILLAGE, year=this_year(), approved_on=business_date())
    return [*plans, make_poor()]


def test_the_list_counts_and_narrows_in_a_fixed_number_of_queries(
    cast, signed_in, four, django_assert_num_queries
):
    township = signed_in(cast.township_reviewer)
    page = township.get(reverse("assistance:plans"))
    counts = [(str(kind), shown) for kind, _label, shown in page.context["chips"]]
    assert counts == [
        ("all", "4"),
        ("drafted", "1"),
        ("waiting", "1"),
        ("agreed", "2"),
        ("village", "1"),
        ("none", "1"),
    ]
    for kind, wanted in (("drafted", 0), ("waiting", 1), ("agreed", 2)):
        text = listed(township, kind=kind)
        assert [page_of(one) in text for one in four[:3]] == [n == wanted for n in range(3)]
    assert four[3].number in listed(township, kind="none")
    with django_assert_num_queries(16):
        listed(township)
    for _ in range(3):
        make.make_plan(make_poor(), this_year(), approved_on=business_date())
    with django_assert_num_queries(16):
        listed(township)


def test_a_helper_sees_his_own_households_alone(cast, signed_in, four):
    make.make_pairing(four[0].household, make.make_cadre(account=cast.helper))
    helper = signed_in(cast.helper)
    text = listed(helper)
    assert page_of(four[0]) in text
    assert page_of(four[1]) not in text
    assert helper.get(page_of(four[0])).status_code == 200
    assert helper.get(page_of(four[1])).status_code == 404
    item = four[1].items.get()
    address = reverse("assistance:plan_item_change", args=[item.uuid])
    assert helper.get(address).status_code == 404
    draft = reverse("assistance:plan_draft", args=[four[3].number])
    assert helper.get(draft).status_code == 403
    assert four[3].number not in listed(helper, kind="none")


def test_who_reads_no_names_reads_figures(cast, signed_in, four):
    province = signed_in(cast.province_officer)
    text = listed(province, division=make.COUNTY)
    assert page_of(four[0]) not in text
    assert "all plans&nbsp;<strong>" in text
    assert province.get(page_of(four[0])).status_code == 404
    assert "Choose one" in listed(province)


def test_a_stranger_finds_no_plan_and_an_account_admin_no_list(cast, signed_in, plan):
    assert signed_in(cast.stranger).get(page_of(plan)).status_code == 404
    admin = signed_in(cast.account_admin)
    assert admin.get(reverse("assistance:plans")).status_code == 403


def test_a_village_plans_for_itself_from_its_list(cast, village, signed_in):
    address = reverse("assistance:plan_draft_village", args=[make.VILLAGE])
    assert address in listed(village)
    village.post(address, {"goal": "修通二组道路", "year": this_year()})
    plan = Plan.everywhere.get()
    assert (plan.household, plan.village_id) == (None, make.VILLAGE)
    choice = village.get(page_of(plan, "plan_choose")).text
    assert page_of(plan, "plan_add", "INF-ROAD") in choice
    assert page_of(plan, "plan_add", "IND-OWN") not in choice
    township = signed_in(cast.township_reviewer)
    assert township.get(address).status_code == 403
    with_item(plan, cast.village_official, "INF-NET")
    signed(plan, cast.village_official)
    inbox = township.get("/inbox/", {"kind": "plan"})
    assert [row.subject.householder for row in inbox.context["page"].rows] == [plan.village.name]
    case = case_of(plan)
    assert township.get(reverse("pages:case", args=[case.pk])).status_code == 200
    sent = {"note": "更新", "version": case.version}
    answer = village.post(reverse("pages:case_facts", args=[case.pk]), sent)
    assert (answer.status_code, "facts of its own" in answer.text) == (409, True)


def test_home_counts_households_whose_plan_is_missing(cast, signed_in, calendar, household):
    def missing() -> list[int]:
        page = signed_in(cast.village_official).get("/")
        found = [task for task, url in page.context["tasks"] if "kind=none" in url]
        return [task.count for task in found]

    assert missing() == [1]
    drafted(household, cast.village_official)
    assert missing() == [0]


def test_a_new_household_has_the_days_of_the_policy(cast, household):
    from assistance.queries.plan_list import missing_plans  # noqa: PLC0415
    from households.models import StateChange  # noqa: PLC0415

    case = make.make_case(household)
    today = business_date()
    StateChange.objects.create(
        household=household, from_state=State.ORDINARY, to_state=State.POOR, on=today, case=case
    )
    cast.village_official.posting = cast.village_official.postings.get()
    found = missing_plans(cast.village_official, today=today)
    assert not found.exists()
    later = date(today.year + 1, 2, 1)
    assert missing_plans(cast.village_official, today=later).exists()


def test_a_change_names_its_reason_on_the_page(cast, village, plan):
    with_item(plan, cast.village_official)
    approved(plan, cast)
    open_change(plan.pk, "合作社提高标准", by=cast.village_official)
    assert "合作社提高标准" in village.get(page_of(plan)).text
