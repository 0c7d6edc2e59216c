"""A village with a solar plant and the households that it serves, for tests of village measures."""

from datetime import date
from decimal import Decimal

from assistance.models import Beneficiary, Item, ItemStatus
from households.models import Household
from households.rules import State
from tests import factories as make

YEAR = 2024
STARTED = date(YEAR, 1, 1)


def plant(code: str = "AST-SOLAR", village: str = make.VILLAGE, **fields) -> Item:
    """A measure of a village that is under way, worth 200,000 yuan."""
    plan = make.make_plan(village_id=village, year=YEAR)
    return make.make_item(
        plan, code, **{"status": ItemStatus.ONGOING, "planned": Decimal(200_000)} | fields
    )


def serve(item: Item, household: Household | None = None, share: int | None = None) -> Beneficiary:
    """A household that the measure serves since its start."""
    household = household or make.make_household(item.village_id, state=State.POOR)
    return Beneficiary.objects.create(
        item=item,
        household=household,
        share=share,
        added_by=make.the_operator(),
        added_on=STARTED,
    )
