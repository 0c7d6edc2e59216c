"""Households of which a system pushed other values than those on record."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from divisions.models import Division
from exchange.actions.pushing import Result, push_items
from exchange.items import ItemReader
from exchange.models import Difference
from exchange.rules import Way
from households.entry.content import StepContent
from households.entry.judged import Entry
from households.entry.saving import enter_household
from households.models import Household
from officers.actions import KeyTerms, create_client
from officers.models import ClientKey, Officer
from officers.queries import key_that_opens
from officers.rules import Scope
from tests import factories as make


def a_key(division: str = make.COUNTY, name: str = "省级平台") -> ClientKey:
    """The key of a new client, with the client as it acts."""
    issued = create_client(
        username=f"system-{next(make.serials)}",
        name=name,
        division=Division.objects.get(pk=division),
        terms=KeyTerms((Scope.WRITE,), 30),
        by=make.the_operator(),
    )
    return key_that_opens(issued.text, at=timezone.now())


@transaction.atomic
def push(key: ClientKey, *bodies: dict[str, Any]) -> list[Result]:
    """Push these households."""
    reader = ItemReader()
    items = [reader.read(place, body) for place, body in enumerate(bodies)]
    return push_items(items, way=Way.BATCH, key=key, by=key.client.officer)[1]


def a_household(**fields: Any) -> Household:
    """A household on record, with a survey of 2019."""
    household = make.make_household(group="一组", address="村东 3 号", **fields)
    make.make_survey(household, 2019, wage_income="8000.00")
    return household


def differing(
    household: Household, key: ClientKey | None = None, **values: Any
) -> list[Difference]:
    """Let a system push other values of a household, unseen: they wait."""
    body = {"number": household.number, "surveys": [], **values}
    (result,) = push(key or a_key(), body)
    assert not result.errors, result.errors
    return list(Difference.objects.waiting().filter(household=household).order_by("pk"))


def edited(household: Household, by: Officer, **values: str) -> None:
    """Let an officer enter these values of the household; what is not said is cleared."""
    head = household.members.active().get(relation="01")
    row = {"person_number": head.person_number, "name": head.name, "relation": "01"}
    steps = {"household": StepContent(0, values), "members": StepContent(0, {}, (row,))}
    entry = Entry(household.village_id, 2020, household.number, steps)
    version = Household.everywhere.get(pk=household.pk).version
    enter_household(entry, by=by, seen=version)
