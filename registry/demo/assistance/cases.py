"""What waits for a visitor: plans of this year in every state of their procedure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from assistance.actions.approving import advance
from assistance.actions.planning import Frame, draft_plan
from assistance.models import Item, Measure, Origin, Plan
from assistance.queries.plans import helper_now, responsible_for
from assistance.queries.recommendation import Recommended, account_for
from assistance.rules.measures import Source, Unit
from households.models import Household
from officers.models import Officer
from registry.demo.accounts import COUNTY, DEMO_ACCOUNTS, VILLAGE
from registry.demo.assistance.helps import KINDS
from registry.demo.assistance.homes import homes_in
from registry.demo.assistance.quotas import waiting_of
from teams.models import Pairing
from trail.dates import business_date
from workflow.models import Case
from workflow.parameters import PAIRING_SUPPORT_YEARS
from workflow.queries import parameter

MOST, COSTLY, COSTS = 4, "PAI-HELP", Decimal(26_000)
GOAL = "发展种养产业，落实健康、教育政策，家庭人均纯收入稳定超过标准。"
TARGET = Decimal(6000)
SIGN, PASS_ON = ("sign", ""), ("pass_on", "township")
COURSES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("helper", ()),
    ("helper", (SIGN,)),
    ("helper", (SIGN, ("return", "township"))),
    ("helper", ()),
    ("secretary", (SIGN, PASS_ON)),
    ("secretary", (SIGN,)),
    ("secretary", (SIGN, ("approve", "township"))),
    ("secretary", (SIGN, ("reject", "township"))),
    ("village", (("withdraw", "village"),)),
)
"""Who drafts the plan of each waiting household in turn, and the steps after: name, by whom.

"" is whoever drafted it. The last of the households has no plan at all.
"""

NOTES = {
    "return": "产业措施与家庭劳动力不符，请核实后重报。",
    "reject": "该户措施与上年重复，不予批准。",
    "withdraw": "户主要求重新商议，先行撤回。",
}


def begin_plans() -> list[Case]:
    """Plans by the demo accounts through the actions that officers use, on the business date."""
    names = [account.username for account in DEMO_ACCOUNTS]
    cast = {one.username: one for one in Officer.objects.filter(username__in=names)}
    today = business_date()
    cases = []
    for number, (planner, steps) in zip(_waiting(today), COURSES, strict=False):
        household = Household.everywhere.get(pk=number)
        by = cast[_planner(planner, household, cast, today)]
        case = _drafted(household, today, by=by, costly=PASS_ON in steps)
        if case is None:
            continue
        for step, username in steps:
            _take(case, step, today, by=cast[username] if username else by)
        cases.append(case)
    return cases


def _waiting(today: date) -> list[int]:
    """The households whose plans of this year are not made yet; the helper's own come first."""
    support = parameter(PAIRING_SUPPORT_YEARS, COUNTY, today.year)
    homes = homes_in([VILLAGE], today.year, support_years=support)
    waiting = waiting_of(homes)
    return [home.pk for home in homes if home.pk in waiting]


def _planner(wanted: str, household: Household, cast: dict[str, Officer], today: date) -> str:
    """The helper for his own households alone; the first secretary plans for the others."""
    pairings = Pairing.everywhere.in_force(today).filter(household=household)
    helper = pairings.filter(cadre__account=cast["helper"])
    return "secretary" if wanted == "helper" and not helper.exists() else wanted


def _drafted(household: Household, today: date, *, by: Officer, costly: bool) -> Case | None:
    """The case of a plan with what is recommended; None where nothing is."""
    account = account_for(household, year=today.year, today=today)
    chosen = _chosen(account.choices) if account else []
    if account is None or not chosen:
        return None
    items = [_item(one.measure, one, today) for one in chosen]
    if costly:
        items.append(_item(account.catalogue[COSTLY], None, today))
        items[-1].planned, items[-1].content = COSTS, "帮扶单位援建养殖圈舍"
    frame = Frame(GOAL, TARGET, _helper(household, today))
    for item in items:
        item.responsible_id = frame.helper
    plan: Plan = draft_plan(household.pk, today.year, frame, by=by, items=items)
    return Case.everywhere.get(plan_case__plan=plan)


def _helper(household: Household, today: date) -> int | None:
    """Who helps the household; where nobody does, somebody of the village's work team."""
    team = responsible_for(Plan(household=household, village=household.village))
    return helper_now(household.pk, today) or next((one.pk for one in team), None)


def _chosen(found: Sequence[Recommended]) -> list[Recommended]:
    """The first few that nothing stands against, each measure once."""
    own = [one for one in found if one.measure.unit != Unit.VILLAGE and not one.against]
    free = {one.measure.code: one for one in reversed(own)}
    ranked = [one for one in found if free.get(one.measure.code) is one]
    return ranked[:MOST]


def _item(measure: Measure, found: Recommended | None, today: date) -> Item:
    return Item(
        member=found.member if found else None,
        measure=measure,
        code=measure.code,
        category=measure.category,
        unit=measure.unit,
        planned=measure.typical_low or Decimal(),
        funding=KINDS[measure.code].source if measure.code in KINDS else Source.INTEGRATED,
        starts_on=today,
        due_on=date(today.year, 12, 31),
        origin=Origin.RECOMMENDED if found else Origin.ADDED,
        reasons=list(found.reasons) if found else [],
        confirmed=True,
    )


def _take(case: Case, step: str, today: date, *, by: Officer) -> None:
    case.refresh_from_db()
    evidence = {
        "head_signed_on": today,
        "signer": "户主本人",
        "way": "slip",
        "helper_signed_on": today,
    }
    advance(
        case.pk,
        step,
        by=by,
        version=case.version,
        note=NOTES.get(step, ""),
        evidence=evidence if step == "sign" else {},
    )
