"""A plan on its way: drafted, refused, signed, approved, changed, carried; and who may do what."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.actions.plan_items import change_item, drop_item, replace_item
from assistance.actions.planning import (
    Frame,
    change_frame,
    draft_village_plan,
    open_change,
)
from assistance.models import Item, ItemStatus
from assistance.queries.plans import goal_of
from households.rules import State
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.assistance.planned import (
    GOAL,
    approved,
    case_of,
    drafted,
    entry,
    make_poor,
    signed,
    take,
    this_year,
    with_item,
    worker_of,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.errors import AlreadyOpen
from workflow.models import CaseEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def household(tree):
    return make_poor()


@pytest.fixture
def plan(cast, household):
    return drafted(household, cast.village_official)


def faults(caught) -> list[str]:
    return [name for name, _text in caught.value.faults]


def test_a_draft_is_a_case_and_its_goal_is_sealed(cast, household, plan):
    case = case_of(plan)
    assert (case.kind, case.subject, case.state) == ("plan", household.number, "drafted")
    assert goal_of(plan) == GOAL
    assert GOAL not in str(case.facts)
    assert GOAL not in str([change.after for change in Change.objects.all()])


def test_the_case_knows_that_the_words_of_a_measure_changed_and_not_what_they_say(cast, plan):
    by = cast.village_official
    item = with_item(plan, by, content="照料王小明的两头牛")
    before = case_of(plan).facts["items"][0]["content"]
    words = entry(content="照料王小明的三头牛")
    change_item(item.pk, words, by=by, version=case_of(plan).version, reason="数目有误")
    after = case_of(plan).facts["items"][0]["content"]
    assert before
    assert before != after
    known = [event.facts for event in CaseEvent.objects.all()]
    assert "王小明" not in str([case_of(plan).facts, known, *Change.objects.values_list("after")])


def test_a_plan_without_measure_is_not_signed(cast, plan):
    with pytest.raises(Refused, match="holds no measure"):
        signed(plan, cast.village_official)


def test_an_approval_agrees_on_every_measure_and_takes_its_claims(cast, household, plan):
    with_item(plan, cast.village_official)
    with_item(plan, cast.village_official, "PUB-POST", worker_of(household), confirmed=True)
    approved(plan, cast)
    assert (plan.approved_on, plan.signing_way) == (business_date(), "slip")
    found = Item.everywhere.filter(plan=plan).order_by("code")
    assert [(one.code, one.status, one.group_claim) for one in found] == [
        ("IND-LINK", ItemStatus.AGREED, ""),
        ("PUB-POST", ItemStatus.AGREED, "post"),
    ]
    assert Change.objects.filter(action="agree_measure").count() == 2


def test_nobody_approves_a_plan_that_he_prepared_or_is_to_carry_out(cast, household):
    helper = make.make_cadre(account=cast.township_reviewer)
    make.make_pairing(household, helper)
    plan = drafted(household, cast.village_official, helper=helper.pk)
    with_item(plan, cast.village_official)
    signed(plan, cast.village_official)
    with pytest.raises(NotAllowed, match="Another officer must take this step"):
        take(plan, "approve", cast.township_reviewer)


def test_a_changed_measure_counts_as_editing_the_evidence(cast, plan):
    item = with_item(plan, cast.village_official)
    change_item(
        item.pk,
        entry(planned=Decimal(2000)),
        by=cast.first_secretary,
        version=case_of(plan).version,
        reason="合作社提高标准",
    )
    event = CaseEvent.objects.filter(case=case_of(plan)).latest("seq")
    assert (event.step, event.actor_id, event.note) == (
        "amend",
        cast.first_secretary.pk,
        "合作社提高标准",
    )
    assert event.facts["items"][0]["planned"] == "2000.00"


def test_a_change_needs_a_reason(cast, plan):
    item = with_item(plan, cast.village_official)
    version = case_of(plan).version
    with pytest.raises(EntryRefused) as caught:
        change_item(item.pk, entry(), by=cast.village_official, version=version, reason=" ")
    assert faults(caught) == ["reason"]
    with pytest.raises(EntryRefused) as caught:
        drop_item(item.pk, by=cast.village_official, version=version, reason="")
    assert faults(caught) == ["reason"]


def test_who_saw_an_earlier_draft_is_told(cast, plan):
    version = case_of(plan).version
    with_item(plan, cast.first_secretary)
    with pytest.raises(Stale):
        change_frame(
            plan.pk, Frame("别的目标"), by=cast.village_official, version=version, reason="改"
        )


@pytest.mark.parametrize(
    ("code", "fields", "field"),
    [
        ("IND-LINK", {"planned": Decimal(10001)}, "planned"),
        ("IND-LINK", {"due_on": date(this_year() + 1, 1, 1)}, "due_on"),
        ("IND-LINK", {"starts_on": date(this_year() - 1, 12, 31)}, "starts_on"),
        ("LOAN-MICRO", {}, "confirmed"),
        ("HOU-D", {}, "confirmed"),
        ("INF-ROAD", {}, "code"),
        ("NOT-THERE", {}, "code"),
        ("EMP-TRAIN", {}, "member"),
    ],
)
def test_a_measure_is_refused_at_its_field(cast, plan, code, fields, field):
    with pytest.raises(EntryRefused) as caught:
        with_item(plan, cast.village_official, code, **fields)
    assert faults(caught) == [field]
    assert not Item.everywhere.exists()


def test_a_measure_whose_conditions_are_not_met_is_refused(cast, plan, household):
    household.housing_grade = "A"
    household.save()
    with pytest.raises(EntryRefused, match="Correct") as caught:
        with_item(plan, cast.village_official, "HOU-D", confirmed=True)
    assert "conditions are not met" in caught.value.faults[0][1]


def test_two_of_a_group_are_refused_with_the_name_of_the_other(cast, plan, household):
    worker = worker_of(household)
    with_item(plan, cast.village_official, "EMP-TRAIN", worker)
    with_item(plan, cast.village_official, "PUB-POST", worker, confirmed=True)
    with pytest.raises(EntryRefused) as caught:
        with_item(plan, cast.village_official, "ECO-RANGER", worker, confirmed=True)
    assert caught.value.faults == [
        (
            "measure",
            "forest ranger and public-benefit post shut each other out. Keep one of them in the"
            " plan.",
        )
    ]


def test_the_cap_of_all_years_counts_what_was_agreed_before(cast, household):
    before = make.make_plan(household, this_year() - 1)
    make.make_item(before, "ECO-GREEN", planned=Decimal(25000))
    plan = drafted(household, cast.village_official)
    with pytest.raises(EntryRefused) as caught:
        with_item(
            plan, cast.village_official, "ECO-GREEN", planned=Decimal("5000.01"), confirmed=True
        )
    assert "Lower the amount by 0.01." in caught.value.faults[0][1]
    with_item(plan, cast.village_official, "ECO-GREEN", planned=Decimal(5000), confirmed=True)


def test_an_approval_judges_again(cast, household, plan):
    with_item(plan, cast.village_official, "ECO-GREEN", planned=Decimal(20000), confirmed=True)
    signed(plan, cast.village_official)
    before = make.make_plan(household, this_year() - 1)
    make.make_item(before, "ECO-GREEN", planned=Decimal(10001))
    with pytest.raises(Refused, match="Lower the amount by 1"):
        take(plan, "pass_on", cast.township_reviewer)


def test_a_claim_that_the_rules_do_not_see_is_refused_by_the_database_with_its_name(
    cast, household, plan
):
    worker = worker_of(household)
    with_item(plan, cast.village_official, "PUB-POST", worker, confirmed=True)
    signed(plan, cast.village_official)
    before = make.make_plan(household, this_year() - 1)
    day = date(this_year() - 1, 12, 31)
    make.make_item(before, "ECO-RANGER", worker, status="done", ended_on=day, group_claim="post")
    with pytest.raises(Refused, match="forest ranger in the plan of") as caught:
        take(plan, "approve", cast.township_reviewer)
    assert caught.value.code == "claimed"
    assert case_of(plan).state == "signed"


def test_a_plan_of_the_county_amount_is_passed_on(cast, plan):
    for code in ("IND-OWN", "IND-LINK"):
        with_item(plan, cast.village_official, code, planned=Decimal(10000), confirmed=True)
    signed(plan, cast.village_official)
    with pytest.raises(Refused, match="costs more than the township may approve"):
        take(plan, "approve", cast.township_reviewer)
    take(plan, "pass_on", cast.township_reviewer)
    assert take(plan, "approve", cast.county_approver).state == "approved"


def test_a_plan_below_the_county_amount_is_for_the_township(cast, plan):
    with_item(plan, cast.village_official, planned=Decimal("9999.99"))
    with_item(plan, cast.village_official, "IND-OWN", planned=Decimal(10000), confirmed=True)
    signed(plan, cast.village_official)
    with pytest.raises(Refused, match="The township decides"):
        take(plan, "pass_on", cast.township_reviewer)


def test_a_returned_plan_is_taken_up_and_signed_anew(cast, plan):
    with_item(plan, cast.village_official)
    signed(plan, cast.village_official)
    take(plan, "return", cast.township_reviewer, note="补充产业措施")
    with pytest.raises(Refused, match="not being drafted"):
        with_item(plan, cast.village_official, "OTH-WILL")
    take(plan, "revise", cast.village_official)
    plan.refresh_from_db()
    assert (plan.head_signed_on, plan.signing_way) == (None, "")
    with_item(plan, cast.village_official, "OTH-WILL")


def test_a_rejected_draft_claims_nothing_and_can_be_drafted_again(cast, plan):
    with_item(plan, cast.village_official)
    signed(plan, cast.village_official)
    take(plan, "reject", cast.township_reviewer, note="与产业规划不符")
    assert list(Item.everywhere.values_list("status", flat=True)) == [ItemStatus.DROPPED]
    open_change(plan.pk, "按规划重做", by=cast.village_official)
    assert case_of(plan).state == "drafted"


def test_a_change_leaves_the_agreed_ones_until_it_is_approved(cast, household, plan):
    item = with_item(plan, cast.village_official)
    approved(plan, cast)
    open_change(plan.pk, "合作社提高标准", by=cast.village_official)
    new = replace_item(
        item.pk,
        entry(planned=Decimal(3000)),
        by=cast.village_official,
        version=case_of(plan).version,
        reason="提高标准",
    )
    item.refresh_from_db()
    assert item.status == ItemStatus.AGREED
    assert case_of(plan).facts["amount"] == "3000.00"
    approved(plan, cast)
    item.refresh_from_db()
    new.refresh_from_db()
    assert (item.status, item.stop_reason, new.status) == ("stopped", "other", "agreed")


def test_a_withdrawn_change_leaves_the_plan_as_it_was(cast, plan):
    item = with_item(plan, cast.village_official)
    approved(plan, cast)
    open_change(plan.pk, "另定目标", by=cast.village_official)
    change_frame(
        plan.pk,
        Frame("全部改种药材", Decimal(9000)),
        by=cast.village_official,
        version=case_of(plan).version,
        reason="改种",
    )
    take(plan, "withdraw", cast.village_official, note="农户不同意")
    plan.refresh_from_db()
    item.refresh_from_db()
    assert (goal_of(plan), plan.target_income, item.status) == (GOAL, None, ItemStatus.AGREED)


def test_a_household_has_one_plan_a_year(cast, household, plan):
    with pytest.raises(Refused, match="There is a plan of"):
        drafted(household, cast.first_secretary)


def test_while_one_plan_waits_that_of_the_next_year_does_too(cast, household, plan):
    with pytest.raises(AlreadyOpen):
        drafted(household, cast.village_official, this_year() + 1)


@pytest.mark.parametrize("year", [this_year() - 1, this_year() + 2])
def test_nobody_plans_for_the_past_or_far_ahead(cast, household, year):
    with pytest.raises(EntryRefused) as caught:
        drafted(household, cast.village_official, year)
    assert faults(caught) == ["year"]


def test_nobody_plans_for_a_cleared_household(cast, household):
    closed = make.make_household(state=State.CLEARED)
    with pytest.raises(Refused, match="closed"):
        drafted(closed, cast.village_official)


def test_a_helper_plans_for_his_own_households_alone(cast, household):
    with pytest.raises(NotAllowed, match="not the helper of this household"):
        drafted(household, cast.helper)
    pairing = make.make_pairing(household, make.make_cadre(account=cast.helper))
    plan = drafted(household, cast.helper)
    with_item(plan, cast.helper)
    pairing.last_day, pairing.end_reason = date(2020, 1, 1), "other"
    pairing.save()
    with pytest.raises(NotAllowed, match="not the helper of this household"):
        signed(plan, cast.helper)


def test_a_helper_plans_for_no_village(cast):
    with pytest.raises(NotAllowed, match="village plans for itself"):
        draft_village_plan(make.VILLAGE, this_year(), Frame(GOAL), by=cast.helper)


def test_a_village_has_its_own_plan_and_amount(cast):
    plan = draft_village_plan(make.VILLAGE, this_year(), Frame(GOAL), by=cast.village_official)
    with_item(plan, cast.village_official, "INF-NET", planned=Decimal(99999))
    assert case_of(plan).facts["needs_county"] is False
    with_item(plan, cast.village_official, "INF-POWER", planned=Decimal(1))
    assert case_of(plan).facts["needs_county"] is True
    assert case_of(plan).subject == make.VILLAGE


def test_a_plan_is_signed_with_somebody_who_answers_for_it(cast, household):
    plan = drafted(household, cast.village_official, helper=None)
    with_item(plan, cast.village_official)
    with pytest.raises(Refused, match="Nobody answers for the plan"):
        signed(plan, cast.village_official)


def test_an_amount_names_its_source_of_funds(cast, plan):
    with pytest.raises(EntryRefused) as caught:
        with_item(plan, cast.village_official, funding="")
    assert faults(caught) == ["funding"]
    with_item(plan, cast.village_official, funding="", planned=Decimal(0))


def test_who_answers_for_a_measure_does_not_approve_it(cast, household, plan):
    reviewer = make.make_cadre(account=cast.township_reviewer)
    make.make_pairing(household, reviewer)
    with_item(plan, cast.village_official, responsible=reviewer.pk)
    signed(plan, cast.village_official)
    with pytest.raises(NotAllowed, match="Another officer must take this step"):
        take(plan, "approve", cast.township_reviewer)
