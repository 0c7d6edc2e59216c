"""Many plans are approved at once: no household passes a cap, nobody gets two posts."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.db.models import Sum

from assistance.actions.approving import advance
from assistance.models import Item, ItemStatus, Plan, PlanCase
from assistance.models.plans import LIVE
from assistance.queries.plans import goal_of
from assistance.queries.sheets import case_facts, judge
from households.models import Household
from teams.refusals import EntryRefused
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.assistance.delivered import deliver
from tests.web.assistance.planned import GOAL, make_poor, team_of, this_year, worker_of
from trail.dates import business_date
from trail.errors import Refused
from trail.sealing import seal
from workflow.models import Case, CaseEvent

APPROVALS = 200
AT_ONCE = 10
LONGEST_WAIT = 0.05
CAP = Decimal(30000)


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


def submitted(household: Household, year: int, items: dict[str, Decimal]) -> Case:
    """A signed plan with these measures, for the head where they are for a person.

    A household has one open case: the second plan's is about a number of its own, as that of a
    household that was known by another number.
    """
    plan = make.make_plan(household, year, helper=team_of())
    plan.goal_sealed = seal(GOAL, field="assistance.plan.goal", row=plan.uuid)
    plan.save()
    for code, planned in items.items():
        measure = make.catalogue_of(plan.village_id, year)[code]
        member = worker_of(household) if measure.unit == "person" else None
        make.make_item(
            plan,
            code,
            member,
            planned=planned,
            status="draft",
            agreed_on=None,
            confirmed=True,
            funding="county",
        )
    return on_its_way(plan)


def on_its_way(plan: Plan) -> Case:
    """The signed case of a plan as it stands."""
    household, facts = plan.household, case_facts(judge(plan))
    assert household is not None
    subject = Household(number=f"{household.number}-{plan.year}", village_id=plan.village_id)
    case = make.make_case(subject, "plan", state="signed", facts=facts)
    PlanCase.objects.create(case=case, plan=plan)
    return case


@transaction.atomic
def rivals(households: int) -> list[Case]:
    """For each household two plans, each sound, that cannot both be agreed.

    Half of them pass a cap of all years together, the others give one person two posts.
    """
    cases = []
    for number in range(households):
        household = make_poor()
        year = this_year()
        if number % 2:
            first, second = {"ECO-GREEN": Decimal(16000)}, {"ECO-GREEN": Decimal(16000)}
        else:
            first, second = {"PUB-POST": Decimal(3600)}, {"ECO-RANGER": Decimal(4800)}
        cases.append(submitted(household, year, first))
        cases.append(submitted(household, year + 1, second))
    return cases


def test_of_two_plans_that_shut_each_other_out_one_is_approved(cast, full_counts):
    approvals = APPROVALS if full_counts else APPROVALS // 20
    cases = rivals(approvals // 2)
    dice, barrier = random.Random(), Barrier(min(AT_ONCE, approvals))

    def approve(case: Case) -> str:
        try:
            barrier.wait()
            time.sleep(dice.uniform(0, LONGEST_WAIT))
            advance(case.pk, "approve", by=cast.township_reviewer, version=case.version)
        except Refused as refusal:
            return refusal.message
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(approve, cases))
    won = Counter(bool(message) for message in told)
    assert won == {False: approvals // 2, True: approvals // 2}
    assert all(
        "30,000" in one or str(this_year()) in one or str(this_year() + 1) in one
        for one in told
        if one
    )
    live = Item.everywhere.filter(status__in=LIVE)
    green = live.filter(code="ECO-GREEN").values("household").annotate(sum=Sum("planned"))
    assert green.count() == approvals // 4
    assert all(row["sum"] <= CAP for row in green)
    posts = live.filter(group_claim="post").values_list("member", flat=True)
    assert len(posts) == len(set(posts)) == approvals // 2 - approvals // 4
    assert Plan.everywhere.filter(approved_on__isnull=False).count() == approvals // 2
    assert CaseEvent.objects.filter(step="approve").count() == approvals // 2
    assert Item.everywhere.filter(status=ItemStatus.DRAFT).count() == approvals // 2
    assert goal_of(Plan.everywhere.all()[0]) == GOAL


def test_one_plan_is_approved_once_by_two_hands(cast):
    with transaction.atomic():
        case = submitted(make_poor(), this_year(), {"IND-LINK": Decimal(1000)})
    barrier = Barrier(2)

    def approve(_number: int) -> str:
        try:
            barrier.wait()
            advance(case.pk, "approve", by=cast.township_reviewer, version=case.version)
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, range(2))) == ["", "stale"]
    assert CaseEvent.objects.filter(case=case, step="approve").count() == 1


@transaction.atomic
def replacing(number: int) -> tuple[Item, Case]:
    """A measure of 5,000 yuan of this year, of which 2,000 came, and a signed draft in its place.

    In every second case the draft is that of the next year with the 3,000 that are left; else one
    of 8,000 in a change of the same plan, which with the 2,000 is the cap of a year.
    """
    household, is_carried = make_poor(), bool(number % 2)
    goal = {"helper": team_of(), "approved_on": business_date()}
    plans = [make.make_plan(household, this_year() + ahead, **goal) for ahead in range(2)]
    for plan in plans:
        plan.goal_sealed = seal(GOAL, field="assistance.plan.goal", row=plan.uuid)
        plan.save()
    old = make.make_item(plans[0], "IND-LINK", planned=5000, delivered=2000, status="ongoing")
    make.make_item(
        plans[is_carried],
        "IND-LINK",
        planned=3000 if is_carried else 8000,
        status="draft",
        agreed_on=None,
        funding="county",
        carried_from=old,
    )
    return old, on_its_way(plans[is_carried])


def test_what_is_delivered_while_its_replacement_is_approved_is_never_agreed_on_twice(
    cast, full_counts
):
    cases = [replacing(number) for number in range(APPROVALS // (2 if full_counts else 20))]
    dice, barrier = random.Random(), Barrier(2)

    def one_of(act: Callable[[], object]) -> bool:
        try:
            barrier.wait()
            time.sleep(dice.uniform(0, LONGEST_WAIT))
            act()
        except (Refused, EntryRefused):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        for old, case in cases:
            acts = (
                partial(deliver, old, 3000, by=cast.village_official),
                partial(
                    advance, case.pk, "approve", by=cast.township_reviewer, version=case.version
                ),
            )
            assert sorted(pool.map(one_of, acts)) == [False, True]
    for old, _case in cases:
        links = Item.everywhere.filter(household=old.household_id).exclude(status="draft")
        due = sum(one.planned if one.status in LIVE else one.delivered for one in links)
        assert due in (5000, 10000)
