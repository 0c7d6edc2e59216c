"""What of a plan can be carried into that of the next year."""

from datetime import date

from assistance.models import Item, ItemStatus, Plan
from assistance.procedure import DRAFTED
from assistance.queries.items import running_of
from assistance.queries.plans import open_case_of
from assistance.rules.planning import plan_years
from trail.dates import business_date

NOTHING_RUNS = (0, None)


def plan_after(plan: Plan) -> Plan | None:
    """The plan of the same household or village for the next year, if there is one."""
    same = Plan.everywhere.filter(household=plan.household_id, year=plan.year + 1)
    return same.first() if plan.household_id else same.filter(village=plan.village_id).first()


def to_carry(plan: Plan) -> list[Item]:
    """The live measures of a plan that are due in its year and not carried into the next yet.

    A loan that is owed and a post that runs beyond the year stay where they are.
    """
    last = date(plan.year, 12, 31)
    carried = Item.everywhere.filter(plan__year=plan.year + 1, carried_from__plan=plan)
    live = Item.everywhere.live().filter(plan=plan, due_on__lte=last).select_related("measure")
    keys = carried.exclude(status=ItemStatus.DROPPED).values("carried_from")
    found = list(live.exclude(pk__in=keys).order_by("pk"))
    running = running_of(found, last)
    return [
        one for one in found if (running[one.pk].owed, running[one.pk].post_until) == NOTHING_RUNS
    ]


def may_carry(plan: Plan) -> bool:
    """Whether a plan that nobody is changing can be carried forward now.

    Into no plan of the next year yet, or into one that is being drafted or that nobody works on.
    """
    if plan.approved_on is None or plan.year + 1 not in plan_years(business_date()):
        return False
    after = plan_after(plan)
    if after is None:
        return True
    case = open_case_of(after)
    return (case is None or case.state == DRAFTED) and bool(to_carry(plan))
