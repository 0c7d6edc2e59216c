"""What a provincial system sent of some households of the demonstration and the county has not yet
decided: the clerk finds theirs beside ours.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction

from divisions.models import Division
from exchange.actions.pushing import push_items
from exchange.items import ItemReader
from exchange.models import Difference
from exchange.rules import Way
from households.models import Household, Survey
from officers.actions import KeyTerms, create_client
from officers.models import Client, Officer
from officers.rules import Scope
from registry.demo.accounts import COUNTY, VILLAGE

USERNAME, NAME = "provincial-platform", "省级大数据平台"
DAYS = 30
MORE = Decimal("360.00")
PUSHED = 3


@transaction.atomic
def push_differences(*, by: Officer) -> int:
    """Let the system push values that differ, unseen; returns how many wait. Once."""
    if Client.objects.filter(officer__username=USERNAME).exists():
        return 0
    issued = create_client(
        username=USERNAME,
        name=NAME,
        division=Division.objects.get(pk=COUNTY),
        terms=KeyTerms((Scope.READ, Scope.WRITE), DAYS),
        by=by,
    )
    key = issued.key
    reader = ItemReader()
    items = [reader.read(place, body) for place, body in enumerate(_bodies())]
    push_items(items, way=Way.BATCH, key=key, by=key.client.officer)
    return Difference.objects.waiting().count()


def _bodies() -> list[dict[str, Any]]:
    """Another phone, another health, a higher transfer income: of a household each, or all."""
    standing = Household.everywhere.standing().filter(village_id=VILLAGE).order_by("number")
    found = []
    for place, household in enumerate(standing[:PUSHED]):
        surveys = Survey.objects.filter(household=household).in_force()
        survey = max(surveys, key=lambda one: one.year, default=None)
        member = household.members.active().order_by("pk").last()
        body: dict[str, Any] = {"number": household.number, "phone": f"1390000{4711 + place}"}
        if survey and survey.transfer_income is not None:
            income = f"{survey.transfer_income + MORE:.2f}"
            body["surveys"] = [{"year": survey.year, "transfer_income": income}]
        if member and place:
            health = "02" if member.health != "02" else "01"
            body["members"] = [{"person_number": member.person_number, "health": health}]
        found.append(body)
    return found
