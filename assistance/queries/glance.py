"""Plan and results of one household in one glance: measures, what is due, what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from assistance.models import Delivery, Item, Plan
from assistance.models.plans import GOAL_FIELD
from assistance.queries.evaluations import effect_on
from assistance.queries.items import agreed_of
from assistance.queries.own import is_own
from assistance.queries.plans import visible_plans
from assistance.rights import PLAN_READERS
from assistance.rules.delivering import Due, Part, Urgency, next_due, urgency_of
from assistance.rules.effect import Effect
from households.models import Household
from officers.models import Officer
from officers.rules import Role
from trail.sealing import unseal
from workflow.parameters import DELIVERY_SOON_DAYS
from workflow.queries import parameter


@dataclass(frozen=True)
class Line:
    """A measure with what is due of it next, and its standing deliveries."""

    item: Item
    due: Due | None
    urgency: Urgency
    deliveries: Sequence[Delivery]

    @property
    def is_late(self) -> bool:
        """Whether something of it is overdue."""
        return self.due is not None and self.urgency == Urgency.OVERDUE


@dataclass(frozen=True)
class Glance:
    """The plan of a year, None where there is none, its measures in catalogue order.

    `effect` is the change since help began; None while two surveys are missing.
    """

    year: int
    plan: Plan | None
    lines: list[Line]
    effect: Effect | None

    @cached_property
    def planned(self) -> Decimal:
        """Yuan of all measures together."""
        return sum((one.item.planned for one in self.lines), Decimal(0))

    @cached_property
    def delivered(self) -> Decimal:
        """Yuan that came of them."""
        return sum((one.item.delivered for one in self.lines), Decimal(0))

    @cached_property
    def next(self) -> Line | None:
        """The measure of which something is due next."""
        due = [one for one in self.lines if one.due]
        return min(due, key=lambda one: (one.due.on, one.item.pk), default=None)  # type: ignore[union-attr]

    @cached_property
    def goal(self) -> str:
        """What the plan is to reach, in words; the caller may read them."""
        if self.plan is None or self.plan.goal_sealed is None:
            return ""
        return unseal(bytes(self.plan.goal_sealed), field=GOAL_FIELD, row=self.plan.uuid)


def glance_at(officer: Officer, household: Household, *, year: int, today: date) -> Glance | None:
    """The glance for an officer, of one year; None when he reads no plan of this household.

    Six queries at most, and three more for the change since.
    """
    if not _reads(officer, household):
        return None
    found = visible_plans(officer).filter(household=household, year=year)
    plan = found.select_related("helper").first()
    return Glance(year, plan, _lines(plan, today) if plan else [], effect_on(household))


def _reads(officer: Officer, household: Household) -> bool:
    """Whether the officer would read a plan of the household if there were one."""
    if officer.acting_role != Role.HELPER:
        return officer.acting_role in PLAN_READERS
    return is_own(officer, household.pk)


def _lines(plan: Plan, today: date) -> list[Line]:
    found = Item.everywhere.standing().filter(plan=plan).select_related("measure", "member", "plan")
    found = found.prefetch_related("instalments", "deliveries")
    soon = int(parameter(DELIVERY_SOON_DAYS, plan.village_id, today.year))
    return [
        _line(item, today, soon)
        for item in found.order_by("measure__order", "code", "member", "pk")
    ]


def _line(item: Item, today: date, soon: int) -> Line:
    parts = [Part(one.due_on, one.amount) for one in item.instalments.all()]
    due = next_due(agreed_of(item), parts)
    urgency = urgency_of(due.on, today, soon) if due else Urgency.LATER
    standing = [one for one in item.deliveries.all() if one.withdrawn_at is None]
    return Line(item, due, urgency, standing)
