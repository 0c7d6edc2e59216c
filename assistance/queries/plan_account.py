"""The page of one plan: what it is to reach, its measures, what stands against it, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assistance.models import Item, ItemStatus, Plan
from assistance.models.plans import LIVE
from assistance.procedure import DRAFTED, PLAN, PLANNERS
from assistance.queries.carrying import may_carry
from assistance.queries.plan_list import state_in_words
from assistance.queries.plans import goal_of
from assistance.queries.recommendation import row_of
from assistance.queries.sheets import Judged, judge
from assistance.rules.planning import cost_of, plan_years
from households.codes import label
from officers.models import Officer
from teams.queries.visits import heads_of
from trail.dates import business_date
from workflow.machine import Step
from workflow.models import Case
from workflow.procedures import machine_of
from workflow.queries import act_label

OWN_STEPS = ("sign", "revise", "withdraw")
"""The steps of who plans; approval goes by the page of the case."""


TAGS = {
    ItemStatus.DRAFT: "draft",
    ItemStatus.AGREED: "info",
    ItemStatus.ONGOING: "planned",
    ItemStatus.DONE: "good",
    ItemStatus.STOPPED: "quiet-tag",
    ItemStatus.DROPPED: "quiet-tag",
}


@dataclass(frozen=True)
class ItemRow:
    """A measure of a plan: why it was recommended, and what stands against its draft."""

    item: Item
    reasons: list[str]
    faults: list[str]
    to_confirm: bool

    @property
    def tag(self) -> str:
        """The shape beside its status."""
        return TAGS[ItemStatus(self.item.status)]

    @property
    def is_draft(self) -> bool:
        """Whether it is not agreed yet."""
        return self.item.status == ItemStatus.DRAFT

    @property
    def is_live(self) -> bool:
        """Whether it is agreed and not ended."""
        return self.item.status in LIVE


@dataclass(frozen=True)
class Category:
    """The measures of one category with their sums in yuan; stopped ones count as delivered."""

    label: str
    rows: list[ItemRow]
    planned: Decimal
    delivered: Decimal


@dataclass(frozen=True)
class Act:
    """A step of the plan's case that the officer can take on the plan's own page."""

    name: str
    label: str
    is_danger: bool


@dataclass(frozen=True)
class PlanView:
    """Everything on the page of a plan. `change` is why an agreed plan is being changed.

    `may_draft` lets the officer edit the draft, `may_begin` begin a change, `may_carry` carry the
    plan forward; `acts` are the steps of who plans.
    """

    plan: Plan
    head: str
    goal: str
    categories: list[Category]
    ended: list[ItemRow]
    planned: Decimal
    delivered: Decimal
    cost: Decimal
    faults: list[str]
    case: Case | None
    cases: list[tuple[Case, str, str]]
    state: str
    returned: str
    may_draft: bool
    may_begin: bool
    may_carry: bool
    acts: list[Act]


def plan_view(officer: Officer, plan: Plan) -> PlanView:
    """The page of a plan that the officer reads; about ten queries."""
    links = list(plan.cases.select_related("case").order_by("-pk"))
    last = links[0].case if links else None
    open_case = last if last is not None and last.closed_at is None else None
    judged = judge(plan)
    items = plan.items.exclude(status=ItemStatus.DROPPED)
    found = items.select_related("measure", "member", "responsible", "carried_from__plan")
    rows = [_row(one, judged) for one in found.order_by("measure__order", "code", "pk")]
    live = [one for one in rows if one.item.status != ItemStatus.STOPPED]
    plans = officer.acting_role in PLANNERS
    drafting = open_case is not None and open_case.state == DRAFTED
    in_time = plan.year in plan_years(business_date())
    return PlanView(
        plan=plan,
        head=heads_of([plan.household_id]).get(plan.household_id, "") if plan.household_id else "",
        goal=goal_of(plan),
        categories=_categories(live),
        ended=[one for one in rows if one.item.status == ItemStatus.STOPPED],
        planned=sum((one.item.planned for one in live), Decimal()),
        delivered=sum((one.item.delivered for one in rows), Decimal()),
        cost=cost_of(judged.sheet),
        faults=[_(one.text) % one.values for one in judged.faults if one.item is None]
        if open_case
        else [],
        case=last,
        cases=[(one.case, state_in_words(one.case.state), one.change) for one in links],
        state=state_in_words(last.state if last else ""),
        returned=_returned(open_case),
        may_draft=plans and drafting,
        may_begin=plans and open_case is None and in_time,
        may_carry=plans and open_case is None and may_carry(plan),
        acts=_acts(officer, open_case),
    )


def _row(item: Item, judged: Judged) -> ItemRow:
    faults = [one for one in judged.faults if one.item == item.pk]
    return ItemRow(
        item,
        reasons_in_words(item.reasons),
        [_(one.text) % one.values for one in faults],
        any(one.field == "confirmed" for one in faults),
    )


def reasons_in_words(names: Sequence[str]) -> list[str]:
    """The rows of the table of recommendations by which a measure was recommended, in words."""
    chinese = (get_language() or "").startswith("zh")
    rows = [row for name in names if (row := row_of(name)) is not None]
    return [row.zh if chinese else row.en for row in rows]


def _categories(rows: Sequence[ItemRow]) -> list[Category]:
    """In the order of the catalogue."""
    by_category: dict[str, list[ItemRow]] = {}
    for row in rows:
        by_category.setdefault(row.item.category, []).append(row)
    return [
        Category(
            label("need", code),
            own,
            sum((one.item.planned for one in own), Decimal()),
            sum((one.item.delivered for one in own), Decimal()),
        )
        for code, own in by_category.items()
    ]


def _returned(case: Case | None) -> str:
    """What the office wrote when it sent the plan back, while it is being mended."""
    if case is None or case.state != "returned":
        return ""
    event = case.events.filter(to_state="returned").order_by("-seq").first()
    return event.note if event else ""


def _acts(officer: Officer, case: Case | None) -> list[Act]:
    if case is None:
        return []
    steps: list[Step] = machine_of(PLAN.kind).steps_from(case.state)
    own = [one for one in steps if one.name in OWN_STEPS and officer.acting_role in one.roles]
    return [Act(one.name, act_label(PLAN.kind, one.name), one.name == "withdraw") for one in own]
