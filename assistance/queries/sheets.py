"""Plans as the rules judge them, and the facts that a case about one rests on."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistance.models import Item, ItemStatus, Measure, Plan
from assistance.models.plans import HELPED, LIVE
from assistance.procedure import BEGIN
from assistance.queries.catalogue import catalogue_of
from assistance.queries.facts import Facts, facts_of
from assistance.queries.items import Running, running_of
from assistance.rules.measures import Category, Repeats, Unit
from assistance.rules.planning import cost_of, plan_faults, verdict_of
from assistance.rules.sheets import Given, PlanFault, Sheet, Verdict, Wish
from households.models import Household
from trail.dates import business_date
from trail.sealing import blind
from workflow.parameters import PLAN_COUNTY_AMOUNT, PLAN_VILLAGE_COUNTY_AMOUNT
from workflow.queries import parameter

COUNTY_DIGITS = 6
CONTENT_FIELD = "assistance.item.content"
NOT_AGREED = (ItemStatus.DRAFT, ItemStatus.DROPPED)


@dataclass(frozen=True)
class Judged:
    """A plan with its drafts and what stands against it.

    `measures` are the versions that hold in its year, by the key of the draft; one that is not
    offered is left out.
    """

    plan: Plan
    sheet: Sheet
    drafts: list[Item]
    measures: dict[int, Measure]
    faults: list[PlanFault]


def judge(plan: Plan) -> Judged:
    """One plan, judged by what is on record now; at most nine queries."""
    return judge_all([plan])[plan.pk]


def judge_all(plans: Sequence[Plan]) -> dict[int, Judged]:
    """Plans by key, judged by what is on record now, with a few queries for each county and year.

    What must stay true until a decision is written is locked by the caller.
    """
    items = _items_about(plans)
    catalogues = _catalogues(plans)
    facts, running = _facts(plans), _running(items)
    found = {}
    for plan in plans:
        own = [one for one in items if _is_about(one, plan)]
        drafts = [one for one in own if one.plan_id == plan.pk and one.status == ItemStatus.DRAFT]
        offered = catalogues[plan.village_id[:COUNTY_DIGITS], plan.year]
        measures = {one.pk: offered[one.code] for one in drafts if one.code in offered}
        known = facts.get(plan.year, {}).get(plan.household_id or 0)
        sheet = Sheet(
            year=plan.year,
            has_goal=plan.goal_sealed is not None,
            wishes=[wish_of(one, measures.get(one.pk), known) for one in drafts],
            given=[
                given_of(one, running.get(one.pk)) for one in own if one.status not in NOT_AGREED
            ],
            has_helper=plan.is_of_village or plan.helper_id is not None,
        )
        found[plan.pk] = Judged(plan, sheet, drafts, measures, plan_faults(sheet))
    return found


def _items_about(plans: Iterable[Plan]) -> list[Item]:
    """The measures of the same households and villages, of any year, in the order of the plan."""
    households = [plan.household_id for plan in plans if not plan.is_of_village]
    villages = [plan.village_id for plan in plans if plan.is_of_village]
    found = Item.everywhere.standing().select_related("plan", "measure").order_by("pk")
    own = list(found.filter(household__in=households)) if households else []
    if villages:
        own += found.filter(household=None, village__in=villages)
    return own


def _running(items: Sequence[Item]) -> dict[int, Running]:
    """What still runs, by key: of loans, and of the measures in whose place a draft is to come."""
    replaced = {one.carried_from_id for one in items if one.status == ItemStatus.DRAFT}
    lent = {one.pk for one in items if one.category == Category.CREDIT}
    return running_of([one for one in items if one.pk in replaced | lent], business_date())


def _is_about(item: Item, plan: Plan) -> bool:
    if plan.is_of_village:
        return item.household_id is None and item.village_id == plan.village_id
    return item.household_id == plan.household_id


def _catalogues(plans: Iterable[Plan]) -> dict[tuple[str, int], dict[str, Measure]]:
    places = {(plan.village_id[:COUNTY_DIGITS], plan.year): plan for plan in plans}
    return {key: catalogue_of(plan.village_id, plan.year) for key, plan in places.items()}


def _facts(plans: Iterable[Plan]) -> dict[int, dict[int, Facts]]:
    """The facts of households by year and key, as they are today."""
    years: dict[int, list[int]] = {}
    for plan in plans:
        if plan.household_id is not None:
            years.setdefault(plan.year, []).append(plan.household_id)
    today = business_date()
    return {
        year: facts_of(Household.everywhere.filter(pk__in=keys), year=year, today=today)
        for year, keys in years.items()
    }


def wish_of(item: Item, measure: Measure | None, facts: Facts | None) -> Wish:
    """A draft as the rules see it; `measure` is the version that holds, None for none."""
    return Wish(
        key=item.pk or 0,
        name=(measure or item.measure).name,
        code=item.code,
        terms=measure.terms if measure else None,
        planned=item.planned,
        starts_on=item.starts_on,
        due_on=item.due_on,
        person=item.member_id,
        has_left=bool(item.member_id and facts and item.member_id not in facts.persons),
        verdict=verdict_on(measure, item.member_id, facts) if measure else Verdict.MET,
        confirmed=item.confirmed,
        replaces=item.carried_from_id,
        lacks_funds=item.planned > 0 and not item.funding,
    )


def verdict_on(measure: Measure, member_id: int | None, facts: Facts | None) -> Verdict:
    """Whether somebody meets the conditions of a measure; a village has none to meet.

    A household that was cancelled or taken back has no facts and meets none.
    """
    unit = Unit(measure.unit)
    if unit is Unit.VILLAGE:
        return Verdict.MET
    known: Mapping[str, int] | None = None
    if facts is not None:
        known = facts.household if unit is Unit.HOUSEHOLD else facts.persons.get(member_id or 0)
    return Verdict.UNMET if known is None else verdict_of(measure.conditions, known, unit)


def given_of(item: Item, running: Running | None = None) -> Given:
    """An agreed measure as the rules see it: once it ended, it counts as far as it was given."""
    is_live = item.status in LIVE
    return Given(
        key=item.pk,
        name=item.measure.name,
        code=item.code,
        group=item.measure.group,
        year=item.plan.year,
        amount=item.planned if is_live else item.delivered,
        person=item.member_id,
        is_live=is_live,
        was_given=item.status != ItemStatus.STOPPED or bool(item.delivered or item.once_claim),
        for_good=item.measure.repeats == Repeats.ONCE,
        delivered=item.delivered,
        has_begun=item.status in HELPED or item.delivered > 0,
        replaces=item.carried_from_id,
        owed=running.owed if running else Decimal(),
        post_until=running.post_until if running else None,
    )


def case_facts(found: Judged) -> dict[str, Any]:
    """What the case of the plan rests on, as its hash covers it.

    The goal is there as it is sealed, so that a refused change can be undone. What a measure is in
    words is there as its keyed digest: a case is kept for good, and free words may name people.
    """
    plan = found.plan
    cost = cost_of(found.sheet)
    key = PLAN_VILLAGE_COUNTY_AMOUNT if plan.is_of_village else PLAN_COUNTY_AMOUNT
    most = int(parameter(key, plan.village_id, plan.year))
    return {
        "state": BEGIN,
        "plan": str(plan.uuid),
        "year": plan.year,
        "frame": frame_of(plan),
        "items": [_item_facts(one) for one in found.drafts],
        "amount": str(cost),
        "county_amount": most,
        "needs_county": cost >= most,
    }


def frame_of(plan: Plan) -> dict[str, Any]:
    """Goal, target and helper of a plan as a case keeps them."""
    sealed = plan.goal_sealed
    return {
        "goal": base64.b64encode(bytes(sealed)).decode() if sealed is not None else "",
        "target_income": str(plan.target_income) if plan.target_income is not None else None,
        "helper": plan.helper_id,
    }


def _item_facts(item: Item) -> dict[str, Any]:
    return {
        "item": item.pk,
        "code": item.code,
        "measure": item.measure_id,
        "member": item.member_id,
        "content": content_digest(item.content),
        "planned": str(item.planned),
        "funding": item.funding,
        "responsible": item.responsible_id,
        "starts_on": item.starts_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "confirmed": item.confirmed,
        "replaces": item.carried_from_id,
    }


def content_digest(content: str) -> str:
    """What a measure is in words, as what is kept for good has it; "" for no words."""
    return str(blind(content, field=CONTENT_FIELD)) if content else ""
