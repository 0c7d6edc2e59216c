"""A measure in the place of another: carried into the next year, or agreed on anew in a change."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.actions.carrying import carry_forward
from assistance.actions.loans import Drawing, draw_loan
from assistance.actions.plan_items import change_item, replace_item
from assistance.actions.planning import open_change
from assistance.actions.posts import Hiring, open_contract
from assistance.models import Item, ItemStatus
from assistance.queries.plans import account_of, goal_of
from assistance.queries.sheets import judge
from assistance.rules.planning import months_after
from teams.refusals import EntryRefused
from tests import factories as make
from tests.web.assistance.delivered import deliver
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
from trail.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def household(tree):
    return make_poor()


@pytest.fixture
def plan(cast, household):
    return drafted(household, cast.village_official)


@pytest.fixture
def done_with(cast, plan):
    """A plan agreed last year: one measure half delivered, one not begun, one done."""
    half = with_item(plan, cast.village_official)
    with_item(plan, cast.village_official, "OTH-WILL", planned=Decimal(0))
    done = with_item(plan, cast.village_official, "IND-INS", planned=Decimal(50))
    approved(plan, cast)
    deliver(half, 400, by=cast.village_official)
    deliver(done, 50, by=cast.village_official)
    return plan


def test_what_is_unfinished_is_carried_forward_with_what_is_left(cast, done_with):
    after = carry_forward(done_with.pk, by=cast.village_official)
    assert (after.year, after.carried_from, goal_of(after)) == (this_year() + 1, done_with, GOAL)
    found = after.items.order_by("code")
    assert [(one.code, one.planned, one.carried_from.plan, one.origin) for one in found] == [
        ("IND-LINK", Decimal(600), done_with, "carried"),
        ("OTH-WILL", Decimal(0), done_with, "carried"),
    ]
    assert found[0].due_on == date(this_year() + 1, 12, 31)
    assert set(done_with.items.values_list("status", flat=True)) == {"ongoing", "agreed", "done"}


def test_the_old_ones_end_when_the_new_plan_is_approved(cast, done_with):
    approved(carry_forward(done_with.pk, by=cast.village_official), cast)
    found = done_with.items.order_by("code").values_list("code", "status", "stop_reason")
    assert list(found) == [
        ("IND-INS", "done", ""),
        ("IND-LINK", "done", ""),
        ("OTH-WILL", "stopped", "other"),
    ]


def test_only_a_plan_that_was_agreed_is_carried_forward(cast, plan):
    with pytest.raises(Refused, match="Only a plan that was agreed"):
        carry_forward(plan.pk, by=cast.village_official)


def test_what_is_unfinished_is_added_to_the_draft_of_the_next_year_once(cast, done_with):
    by, year = cast.village_official, this_year() + 1
    after = drafted(done_with.household, by, year)
    days = {"starts_on": date(year, 1, 1), "due_on": date(year, 12, 31)}
    with_item(after, by, "IND-OWN", confirmed=True, **days)
    assert carry_forward(done_with.pk, by=by) == after
    after.refresh_from_db()
    assert list(after.items.order_by("code").values_list("code", "origin")) == [
        ("IND-LINK", "carried"),
        ("IND-OWN", "added"),
        ("OTH-WILL", "carried"),
    ]
    assert after.carried_from == done_with
    case = case_of(after)
    assert [one["code"] for one in case.facts["items"]] == ["IND-OWN", "IND-LINK", "OTH-WILL"]
    with pytest.raises(Refused, match="holds all that can be carried forward"):
        carry_forward(done_with.pk, by=by)
    signed(after, by)
    with_more = after.items.get(code="OTH-WILL")
    with_more.status = ItemStatus.DROPPED
    with_more.save()
    with pytest.raises(Refused, match="not being drafted"):
        carry_forward(done_with.pk, by=by)


def test_a_carried_plan_that_was_withdrawn_is_taken_up_again(cast, done_with):
    by = cast.village_official
    after = carry_forward(done_with.pk, by=by)
    take(after, "withdraw", by, note="另议")
    assert carry_forward(done_with.pk, by=by) == after
    assert case_of(after).state == "drafted"
    assert after.items.filter(status=ItemStatus.DRAFT).count() == 2


def replaced(item: Item, cast, planned: int) -> Item:
    """The measure that comes in the place of an agreed one, drafted in a change of its plan."""
    by = cast.village_official
    open_change(item.plan_id, "提高标准", by=by)
    version = case_of(item.plan).version
    new = entry(item.code, planned=Decimal(planned), confirmed=True)
    return replace_item(item.pk, new, by=by, version=version, reason="提高标准")


def test_a_replaced_measure_counts_for_the_cap_as_far_as_it_was_delivered(cast, plan):
    item = with_item(plan, cast.village_official, planned=Decimal(10000))
    approved(plan, cast)
    deliver(item, 9000, by=cast.village_official)
    with pytest.raises(EntryRefused) as caught:
        replaced(item, cast, 10000)
    assert caught.value.faults[0][0] == "planned"
    assert "Lower the amount by 9,000" in caught.value.faults[0][1]
    version = case_of(plan).version
    new = entry(planned=Decimal(1000))
    replace_item(item.pk, new, by=cast.village_official, version=version, reason="提高标准")
    assert case_of(plan).facts["amount"] == "10000.00"


def test_what_is_delivered_after_the_signature_counts_for_who_decides(cast, plan):
    by = cast.village_official
    item = with_item(plan, by, "IND-OWN", planned=Decimal(9000), confirmed=True)
    with_item(plan, by, planned=Decimal(10000))
    approved(plan, cast)
    replaced(item, cast, 9000)
    signed(plan, by)
    deliver(item, 1000, by=by)
    account = account_of(cast.township_reviewer, case_of(plan))
    assert account is not None
    assert "the county approves it" in account.remarks[0]
    with pytest.raises(Refused, match="more than the township may approve"):
        take(plan, "approve", cast.township_reviewer)
    assert take(plan, "pass_on", cast.township_reviewer).state == "passed_on"


def test_a_measure_of_once_is_carried_on_and_on(cast, household):
    by, before = cast.village_official, make.make_plan(household, this_year() - 1)
    first = make.make_item(before, "HOU-D", planned=Decimal(10000), delivered=Decimal(10000))
    first.status, first.ended_on = ItemStatus.DONE, date(this_year() - 1, 6, 1)
    first.save()
    plan = drafted(household, by)
    fields = {"planned": Decimal(20000), "confirmed": True, "status": ItemStatus.AGREED}
    second = make.make_item(plan, "HOU-D", carried_from=first, once_claim="ever", **fields)
    take(plan, "withdraw", by, note="改")
    plan.approved_on = business_date()
    plan.save()
    after = carry_forward(plan.pk, by=by)
    [found] = after.items.all()
    assert found.carried_from == second
    assert [one.field for one in judge(after).faults] == ["confirmed", "funding"]


def test_a_loan_drawn_while_its_carried_draft_waits_is_not_doubled(cast, plan):
    by = cast.village_official
    item = with_item(plan, by, "LOAN-MICRO", planned=Decimal(9000), confirmed=True)
    approved(plan, cast)
    after = carry_forward(plan.pk, by=by)
    confirm(after, by)
    signed(after, by)
    today = business_date()
    due = months_after(today, 36)
    draw_loan(
        item.pk, Drawing("农信社", Decimal(9000), Decimal("4.35"), 100, "养牛", today, due), by=by
    )
    with pytest.raises(Refused, match="is not repaid, 9,000 yuan are left"):
        take(after, "approve", cast.township_reviewer)
    item.refresh_from_db()
    assert (item.status, item.group_claim) == ("ongoing", "credit")


def test_a_post_filled_while_its_replacement_waits_stays(cast, household, plan):
    by, worker = cast.village_official, worker_of(household)
    item = with_item(plan, by, "PUB-POST", worker, confirmed=True)
    approved(plan, cast)
    open_change(plan.pk, "改岗", by=by)
    version = case_of(plan).version
    new = entry("PUB-POST", worker, confirmed=True)
    replace_item(item.pk, new, by=by, version=version, reason="改岗")
    signed(plan, by)
    today = business_date()
    last = months_after(today, 3)
    open_contract(item.pk, Hiring("村委会", "保洁员", today, last, Decimal(600)), by=by)
    with pytest.raises(Refused, match=f"runs until {last}"):
        take(plan, "approve", cast.township_reviewer)


def confirm(plan, by) -> None:
    """Confirm the conditions of the carried measures."""
    for one in plan.items.all():
        days = {"starts_on": one.starts_on, "due_on": one.due_on}
        new = entry(one.code, planned=one.planned, confirmed=True, **days)
        change_item(one.pk, new, by=by, version=case_of(plan).version, reason="入户核实")


def test_no_more_than_the_rest_is_carried_when_more_was_delivered_meanwhile(cast, plan):
    by = cast.village_official
    item = with_item(plan, by, planned=Decimal(5000))
    approved(plan, cast)
    deliver(item, 2000, by=by)
    after = carry_forward(plan.pk, by=by)
    signed(after, by)
    deliver(item, 1000, by=by)
    with pytest.raises(Refused, match="only 2,000 yuan are left of the plan of"):
        take(after, "approve", cast.township_reviewer)
    deliver(item, 2000, by=by)
    with pytest.raises(Refused, match="has ended meanwhile"):
        take(after, "approve", cast.township_reviewer)
