"""Writers that commit late or not at all against readers that crash: nobody misses a change."""

import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from django.conf import LazySettings
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from assistance.models import Item, Plan
from divisions.scope import contains
from households.models import Household, Member
from officers.rules import Scope
from teams.models import TeamVillage
from tests import factories as make
from tests.api.conftest import Door, issue
from tests.api.followed import Follower, taken
from workflow.models import Case

WRITERS, TRANSACTIONS = 20, 160
LONGEST_DELAY = 0.05
FEWEST_ENDS = 4
PLACES = (make.COUNTY, make.OTHER_COUNTY, make.PROVINCE)
VILLAGES = (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_COUNTY_VILLAGE)
SCOPES = (Scope.READ, Scope.CASES, Scope.HELP_READ, Scope.TEAMS)
Dice = random.Random


class RolledBack(Exception):
    """A writer takes back what it wrote."""


def some_household(dice: Dice) -> Household:
    keys = list(Household.everywhere.standing().values_list("pk", flat=True))
    return Household.everywhere.get(pk=dice.choice(keys))


def new_household(dice: Dice) -> None:
    make.make_household(dice.choice(VILLAGES), persons=dice.randint(1, 3))


def change(dice: Dice) -> None:
    some = Household.everywhere.filter(pk=some_household(dice).pk)
    some.update(group=f"{dice.randint(1, 99)}组", version=F("version") + 1)


def move(dice: Dice) -> None:
    household, village = some_household(dice), dice.choice(VILLAGES)
    Household.everywhere.filter(pk=household.pk).update(village=village)
    Item.everywhere.filter(household=household).update(village=village)
    Plan.everywhere.filter(household=household).update(village=village)


def change_a_member_alone(dice: Dice) -> None:
    """No lock of the household: it may move meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_member SET health = %s WHERE household_id = %s",
            [dice.choice(["01", "02", "03"]), some_household(dice).pk],
        )


def survey(dice: Dice) -> None:
    make.make_survey(some_household(dice), dice.randint(2014, 2019))


def withdraw(dice: Dice) -> None:
    Household.everywhere.filter(pk=some_household(dice).pk).update(withdrawn_at=timezone.now())


def a_whole_village(dice: Dice) -> None:
    some = Household.everywhere.within(dice.choice(VILLAGES)).order_by("pk").select_for_update()
    keys = [one.pk for one in some]
    Household.everywhere.filter(pk__in=keys).update(address=f"{dice.randint(1, 99)}号")


def open_a_case(dice: Dice) -> None:
    """No trigger sees how it is made, and that of the log sees the first change."""
    made = make.make_case(some_household(dice), dice.choice(["exit", "watch", "relapse"]))
    Case.everywhere.filter(pk=made.pk).update(version=F("version"))


def plan(dice: Dice) -> None:
    made = make.make_plan(some_household(dice), dice.randint(2014, 2019))
    make.make_item(made, "IND-OWN")


def list_a_village(dice: Dice) -> None:
    TeamVillage.everywhere.filter(village=dice.choice(VILLAGES)).delete()
    make.make_team_village(dice.choice(VILLAGES))


ACTS: tuple[Callable[[Dice], None], ...] = (
    new_household, change, change, move, move, change_a_member_alone, change_a_member_alone, survey,
    withdraw, a_whole_village, open_a_case, plan, list_a_village,
)  # fmt: skip


@dataclass
class Race:
    """How long it goes on: so many transactions of each writer, and some more until each reader was
    told often enough that there is no more by now."""

    transactions: int
    is_over: Event = field(default_factory=Event)
    ends: list[int] = field(default_factory=lambda: [0] * len(PLACES))

    def goes_on(self, turn: int) -> bool:
        return turn < self.transactions or (
            turn < 5 * self.transactions and min(self.ends) < FEWEST_ENDS
        )


def write(race: Race, seed: int) -> int:
    """Transactions one after the other; returns how many were committed."""
    dice, turn, committed = Dice(seed), 0, 0
    while race.goes_on(turn):
        turn += 1
        try:
            with transaction.atomic():
                for _ in range(dice.randint(1, 2)):
                    dice.choice(ACTS)(dice)
                    time.sleep(dice.uniform(0, LONGEST_DELAY))
                if dice.random() < 0.25:
                    raise RolledBack
            committed += 1
        except (RolledBack, DatabaseError):  # a row that is there already, a deadlock
            continue
    connections.close_all()
    return committed


def put_down(client: Follower) -> str:
    """Its copy and its cursor, as they would lie on a disk."""
    return json.dumps([client.cursor, [[*at, one] for at, one in client.copy.items()]])


def take_up(client: Follower, kept: str) -> None:
    """Begin again with what lay there."""
    client.cursor, copy = json.loads(kept)
    client.copy = {(kind, key): document for kind, key, document in copy}


def follow(race: Race, place: int, client: Follower) -> None:
    """Read until the writers are done; every third page a crash loses what was not put down."""
    dice, pages, kept = Dice(place), 0, put_down(client)
    while not race.is_over.is_set():
        client.limit, pages = dice.randint(20, 200), pages + 1
        page = client.ask()
        race.ends[place] += not page["more"]
        if pages % 3 == 0:
            some = page["results"][: dice.randint(0, len(page["results"]))]
            taken(client.copy, {"results": some})
            take_up(client, kept)
            continue
        client.take(page)
        if dice.random() < 0.8:
            kept = put_down(client)
    client.catch_up()
    connections.close_all()


def standing(place: str) -> set[tuple[str, str]]:
    """What a client of a place should have a copy of."""
    households = Household.everywhere.standing().within(place)
    plans = Plan.everywhere.within(place).filter(household__withdrawn_at=None)
    return (
        {("household", one.number) for one in households}
        | {("case", str(one.pk)) for one in Case.everywhere.within(place)}
        | {("plan", str(one.uuid)) for one in plans}
        | {("team", one.village_id) for one in TeamVillage.everywhere.within(place)}
    )


def facts(copy: dict[tuple[str, str], Any]) -> dict[str, tuple[Any, ...]]:
    """A few values of the households of a copy."""
    return {
        key: (one["group"], one["village"], sorted(who["health"] or "" for who in one["members"]))
        for (kind, key), one in copy.items()
        if kind == "household"
    }


def recorded() -> dict[str, tuple[Any, ...]]:
    """The same as the database has them."""
    health: dict[int, list[str]] = {}
    for household, value in Member.objects.values_list("household", "health"):
        health.setdefault(household, []).append(value)
    return {
        one.number: (one.group, one.village_id, sorted(health[one.pk]))
        for one in Household.everywhere.standing()
    }


def test_every_copy_equals_the_database_whoever_commits_late_and_crashes(
    real_database: str, settings: LazySettings, full_counts: bool
):
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    make.plant_tree()
    for village in VILLAGES:
        for _ in range(4):
            make.make_household(village, persons=2)
    clients = [Follower(Door(issue(place, *SCOPES).text), limit=2) for place in PLACES]
    for client in clients:
        client.take(client.ask())
    race = Race(TRANSACTIONS if full_counts else TRANSACTIONS // 20)
    connections.close_all()
    with ThreadPoolExecutor(WRITERS) as writing, ThreadPoolExecutor(len(clients)) as reading:
        readers = [
            reading.submit(follow, race, place, client) for place, client in enumerate(clients)
        ]
        writers = [writing.submit(write, race, seed) for seed in range(WRITERS)]
        try:
            committed = sum(one.result() for one in writers)
        finally:
            race.is_over.set()
        for one in readers:
            one.result()
    assert committed > WRITERS * race.transactions / 4
    truth = recorded()
    for place, client in zip(PLACES, clients, strict=True):
        client.catch_up()  # the last page that it read may be older than the last commit
        assert set(client.copy) == standing(place)
        fresh = Follower(client.door)
        fresh.catch_up()
        assert client.copy == fresh.copy
        assert facts(client.copy) == {
            number: one for number, one in truth.items() if contains(place, one[1])
        }
