"""Two registries of one county, each with keys, database and officers of its own, end equal.

Officers of both change households, their people too, and other systems push to either; sites are
killed amid their work and the lines between the two break. What is relayed both ways is done once,
each side's clerk decides what waits, and in the end totals and hashes are the same.
"""

import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
import registry_client.door
from registry_client import Copy, Door, Relayed, relay

from exchange.actions.differences import Choice, decide_differences
from exchange.comparing import MEMBER
from exchange.models import Difference, DifferenceState
from households.models import Household, Member
from tests import factories as make
from tests.api.conftest import new_person
from tests.faults.exchange.systems import System, registry
from tests.processes import Processes
from tests.web.exchange.differing import edited
from tests.web.households.changes.changed import done, wanted
from trail.dates import business_date

ROUNDS = 50
HOUSEHOLDS = 20
EDITS_A_ROUND = 4
WORKER_KILLED_EVERY, SITE_KILLED_EVERY = 3, 10
PAUSE_SECONDS = 0.5
EQUAL_SECONDS = 180
GROUPS, BRIDE = ["二组", "三组"], "李小花"
PROVINCES, COUNTYS = ("members", "identity", "incomes", "living"), ("household", "causes")
"""Who owns which group of fields."""

Edit = Callable[[random.Random, System, System, str], None]


@pytest.fixture
def systems(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[tuple[System, System]]:
    processes, luck = Processes(tmp_path), random.Random(88)
    here, there = dict.fromkeys(PROVINCES, "here"), dict.fromkeys(COUNTYS, "there")
    provinces = here | there
    countys = dict.fromkeys(PROVINCES, "there") | dict.fromkeys(COUNTYS, "here")
    with (
        django_db_blocker.unblock(),
        registry("province", processes, tmp_path, owners=provinces, luck=luck) as province,
        registry("county", processes, tmp_path, owners=countys, luck=luck) as county,
    ):
        for system in (province, county):
            system.start()
        for system in (province, county):
            system.wait()
        yield province, county
        processes.kill_all()


def household(place: int) -> dict[str, Any]:
    return {
        "number": f"H{place:04d}",
        "village": make.VILLAGE,
        "group": "一组",
        "members": [
            new_person(person_number=f"P{place:04d}1"),
            new_person(person_number=f"P{place:04d}2", name="陈小河", relation="99"),
        ],
        "surveys": [{"year": 2019, "wage_income": "8000.00", "food": "1"}],
    }


def push(system: System, *items: dict[str, Any]) -> None:
    body = "\n".join(json.dumps(one) for one in items).encode()
    with system.door() as door:
        results = door.post_lines("sync/batches/", body, key=uuid.uuid4().hex)["results"]
    assert {one["result"] for one in results} == {"created"}, results


def change(door: Door, number: str, method: str, path: str, body: dict[str, Any]) -> None:
    """Change a household at the version that stands."""
    version = door.get(f"households/{number}/")["version"]
    headers = {"If-Match": f'"{version}"', "Content-Type": "application/json"}
    content = json.dumps(body).encode()
    door._send(method, f"households/{number}/{path}", content=content, headers=headers)


def registers(luck: random.Random, province: System, county: System, _: str) -> None:
    """Another system brings a household that is new."""
    system = luck.choice((province, county))
    with system.inside():
        place = 1000 + Household.everywhere.count() * 2 + (system is county)
    push(system, household(place))


def enters_own(luck: random.Random, _: System, county: System, number: str) -> None:
    """A clerk of the county enters what the county owns."""
    enter(county, number, luck)


def enters_others(luck: random.Random, province: System, _: System, number: str) -> None:
    """A clerk at the province enters what the county owns."""
    enter(province, number, luck)


def differ(luck: random.Random, province: System, county: System, number: str) -> None:
    """Officers of both enter one field of one household, each his own way."""
    for system in (province, county):
        enter(system, number, luck)


def enter(system: System, number: str, luck: random.Random) -> None:
    address = f"{system.name} {luck.randrange(999)} 号"
    with system.inside() as cast:
        edited(found(number), cast.county_clerk, group=luck.choice(GROUPS), address=address)


def surveys(luck: random.Random, province: System, _: System, number: str) -> None:
    """A machine of the province corrects a year."""
    facts = {"year": 2019, "wage_income": f"{luck.randrange(10_000, 90_000)}.00", "food": "1"}
    with province.door() as door:
        change(door, number, "POST", "surveys/", facts | {"reasons": {"wage_income": "务工变化"}})


def causes(luck: random.Random, _: System, county: System, number: str) -> None:
    """A machine of the county names why a household is poor."""
    with county.door() as door:
        cause = luck.choice(["01", "02", "03"])
        change(door, number, "PATCH", "", {"main_cause": cause})


def marries_in(luck: random.Random, province: System, _: System, number: str) -> None:
    """Somebody joins, by a change that the township decides."""
    born = date(1980, 1, 1) + timedelta(luck.randrange(9_000))
    id_number = make.make_id_number(born=born)
    person = {"name": BRIDE, "relation": "99", "id_number": id_number}
    with province.inside() as cast:
        change = wanted("marriage_in", happened_on=business_date(), person=person)
        done(found(number), change, cast)


def dies(_: random.Random, province: System, __: System, number: str) -> None:
    """Somebody dies: the membership ends."""
    with province.inside() as cast:
        home = found(number)
        last = home.members.active().order_by("relation", "id").last()
        if last is None or last.relation == "01":
            return
        change = wanted("death", happened_on=business_date(), goes=frozenset({last.pk}))
        done(home, change, cast)


def found(number: str) -> Household:
    return Household.everywhere.get(number=number)


EDITS: tuple[Edit, ...] = (
    registers,
    enters_own,
    enters_others,
    differ,
    surveys,
    causes,
    marries_in,
    dies,
)


def deal(luck: random.Random) -> Iterator[Edit]:
    """The edits in ever new orders: of each as many as of any other."""
    while True:
        yield from luck.sample(EDITS, len(EDITS))


def test_two_systems_end_equal_after_edits_kills_and_cut_lines(
    systems, tmp_path, full_counts, monkeypatch
):
    monkeypatch.setattr(registry_client.door, "LONGEST_PAUSE_SECONDS", PAUSE_SECONDS)
    luck = random.Random(8)
    province, county = systems
    copies = {one.name: Copy(tmp_path / f"{one.name}.sqlite") for one in systems}
    push(county, *map(household, range(HOUSEHOLDS)))
    carry(county, province, copies)
    told: Counter[str] = Counter()
    edits = deal(luck)
    for turn in range(ROUNDS if full_counts else ROUNDS // 10):
        for edit in islice(edits, EDITS_A_ROUND):
            edit(luck, province, county, f"H{luck.randrange(HOUSEHOLDS):04d}")
        for place, (source, target) in enumerate(((county, province), (province, county))):
            hit = blow(2 * turn + place, target)
            carry(source, target, copies, hit=hit, after=luck.random() / 2)
        told += decide(luck.choice(systems))
    until = time.monotonic() + EQUAL_SECONDS
    while not settle(province, county, copies, told) or totals(province) != totals(county):
        assert time.monotonic() < until, (totals(province), totals(county))
    assert {DifferenceState.OPEN, DifferenceState.OVERWRITTEN} <= told.keys()
    assert all(one.line.cuts for one in systems)
    held = figures(county)
    assert held == figures(province)
    assert held["households"] > HOUSEHOLDS
    assert all(held.values())


def blow(count: int, target: System) -> Callable[[], None] | None:
    """What befalls the target at this relay: mostly nothing."""
    if count % SITE_KILLED_EVERY == SITE_KILLED_EVERY // 2:
        return target.kill_site
    return target.kill_worker if count % WORKER_KILLED_EVERY == 1 else None


def carry(
    source: System,
    target: System,
    copies: dict[str, Copy],
    *,
    hit: Callable[[], None] | None = None,
    after: float = 0,
) -> Relayed:
    """Carry over by both bad lines; the target may be hit while it works, so many seconds in."""
    timer = Timer(after, hit) if hit else None
    with source.far_door() as reading, target.far_door() as writing:
        if timer:
            timer.start()
        relayed = relay(reading, writing, copies[source.name])
    if timer:
        timer.join()
        target.wait()
    return relayed


def decide(system: System) -> Counter[str]:
    """Let the clerk take the other side's word, but for people; what waited, by its state."""
    told: Counter[str] = Counter()
    with system.inside() as cast:
        waiting = Difference.objects.waiting()
        for home in Household.everywhere.filter(pk__in=waiting.values("household")):
            rows = [*waiting.filter(household=home)]
            choices = {one.pk: Choice.OURS if one.kind == MEMBER else Choice.THEIRS for one in rows}
            decide_differences(home, choices, version=home.version, by=cast.county_clerk)
            told.update(one.state for one in rows)
    return told


def settle(province: System, county: System, copies: dict[str, Copy], told: Counter[str]) -> bool:
    """Carry over both ways, and decide once nothing comes over; whether all is quiet."""
    both = ((county, province), (province, county))
    relayed = [carry(source, target, copies) for source, target in both]
    if any(one.left_behind or one.counts["updated"] or one.counts["created"] for one in relayed):
        return False
    decided = decide(province) + decide(county)
    told += decided
    return not decided


def totals(system: System) -> list[Any]:
    with system.door() as door:
        return door.get("sync/totals/", division=make.COUNTY, year=2019)["results"]


def figures(system: System) -> dict[str, Any]:
    """What was written there, by the database: households, and people in and gone."""
    with system.inside():
        return {
            "households": Household.everywhere.count(),
            "addresses": Household.everywhere.exclude(address="").count(),
            "joined": Member.objects.filter(name=BRIDE).count(),
            "ended": Member.objects.exclude(end_reason="").count(),
        }
