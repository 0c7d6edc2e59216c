"""What an act adds to the log of changes, in the transaction of a test."""

from collections.abc import Callable
from typing import Any

from assistance.models import Plan
from exchange.models import FeedEntry, Kind
from households.models import Household
from workflow.models import Case

Entries = set[tuple[Kind, int]]


def logged(act: Callable[[], Any]) -> Entries:
    """What the act says has changed. All of a test is one transaction: its log is emptied first."""
    FeedEntry.objects.all().delete()
    act()
    return {(Kind(one.kind), one.subject) for one in FeedEntry.objects.all()}


def of_household(household: Household) -> tuple[Kind, int]:
    return Kind.HOUSEHOLD, household.pk


def of_case(case: Case) -> tuple[Kind, int]:
    return Kind.CASE, case.pk


def of_plan(plan: Plan) -> tuple[Kind, int]:
    return Kind.PLAN, plan.pk


def of_team(village: str) -> tuple[Kind, int]:
    return Kind.TEAM, int(village)


def left() -> set[tuple[Kind, str, str]]:
    """What left which place, under which key."""
    return {
        (Kind(one.kind), one.left_division, one.left_key)
        for one in FeedEntry.objects.exclude(left_division="")
    }
