"""Plans of help for tests: drafted, signed and approved by the cast, of this year."""

from datetime import date
from decimal import Decimal
from typing import Any

from assistance.actions.approving import advance
from assistance.actions.plan_items import ItemEntry, add_item
from assistance.actions.planning import Frame, draft_plan
from assistance.models import Item, Plan
from assistance.queries.plans import last_case_of
from households.models import Household, Member
from households.rules import State
from officers.models import Officer
from teams.models import Cadre, Term
from tests import factories as make
from tests.cast import Cast
from trail.dates import business_date
from workflow.models import Case

GOAL = "两个劳力稳定就业，年内修好房屋"


def this_year() -> int:
    """The year of the plans."""
    return business_date().year


def make_poor(village: str = make.VILLAGE, **fields: Any) -> Household:
    """A household on the register: a head of 45 who is able to work, and a second member."""
    household = make.make_household(village, **{"state": State.POOR, "persons": 2} | fields)
    make.make_survey(household, this_year())
    born = date(this_year() - 45, 1, 15)
    household.members.update(labour="01", health="01", in_school="01", birth_date=born)
    return household


def worker_of(household: Household) -> Member:
    """The head."""
    return household.members.order_by("relation", "pk")[0]


def entry(code: str = "IND-LINK", member: Member | None = None, **fields: Any) -> ItemEntry:
    """A measure as somebody enters it: 1,000 yuan, from today to the end of the year."""
    defaults: dict[str, Any] = {
        "planned": Decimal(1000),
        "starts_on": business_date(),
        "due_on": date(this_year(), 12, 31),
        "member": member.pk if member else None,
        "funding": "county",
    }
    return ItemEntry(code, **defaults | fields)


def team_of(village: str = make.VILLAGE) -> Cadre:
    """Somebody of the village's work team, who can answer for its plans."""
    term = Term.everywhere.in_force(business_date()).filter(village=village).first()
    return term.cadre if term else make.make_term(village=village).cadre


def drafted(household: Household, by: Officer, year: int = 0, **frame: Any) -> Plan:
    """A plan without measures yet, for which somebody of the work team answers."""
    frame = {"helper": team_of(household.village_id).pk} | frame
    return draft_plan(household.pk, year or this_year(), Frame(GOAL, **frame), by=by)


def case_of(plan: Plan) -> Case:
    """The latest case of the plan."""
    case = last_case_of(plan)
    assert case is not None
    return case


def with_item(plan: Plan, by: Officer, code: str = "IND-LINK", *args: Any, **fields: Any) -> Item:
    """A measure added to the draft."""
    return add_item(plan.pk, entry(code, *args, **fields), by=by, version=case_of(plan).version)


SIGNED = {"signer": "陈大山", "way": "slip"}


def signed(plan: Plan, by: Officer) -> Case:
    """The case, signed by helper and head today."""
    today, case = business_date(), case_of(plan)
    evidence = SIGNED | {"head_signed_on": today, "helper_signed_on": today}
    advance(case.pk, "sign", by=by, version=case.version, evidence=evidence)
    return case_of(plan)


def take(plan: Plan, step: str, by: Officer, note: str = "") -> Case:
    """A step without evidence."""
    case = case_of(plan)
    advance(case.pk, step, by=by, version=case.version, note=note)
    return case_of(plan)


def approved(plan: Plan, cast: Cast) -> Plan:
    """The plan, signed by the village and approved by the township."""
    signed(plan, cast.village_official)
    take(plan, "approve", cast.township_reviewer)
    plan.refresh_from_db()
    return plan
