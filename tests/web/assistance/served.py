"""A village with a solar plant and the households that it serves, for tests of village measures."""

import uuid
from datetime import date
from decimal import Decimal

from assistance.actions.distributing import Entry, Part, record_distribution
from assistance.models import (
    Beneficiary,
    Distribution,
    Item,
    ItemStatus,
    Plan,
    TransferKind,
)
from households.models import Household
from households.rules import State
from officers.models import Officer
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


def shared_out(item: Item, by: Officer) -> Distribution:
    """A distribution of 1,000 yuan to a household that the measure serves."""
    one = serve(item, share=500)
    part = Part(TransferKind.DIVIDEND, Decimal(1000))
    entry = Entry(
        key=uuid.uuid4(),
        year=YEAR,
        total=Decimal(1000),
        kept=Decimal(0),
        decided_on=STARTED,
        paid_on=STARTED,
        parts={one.household_id: part},
    )
    return record_distribution(item.pk, entry, version=item.version, by=by)


def approved_plan(household: Household) -> Plan:
    """An approved plan with a measure under way, to be evaluated."""
    plan = make.make_plan(household, YEAR, approved_on=STARTED)
    make.make_item(plan, "IND-OWN", status=ItemStatus.ONGOING)
    return plan
