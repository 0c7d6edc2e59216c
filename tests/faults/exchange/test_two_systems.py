"""Two registries of one county, each with keys, database and officers of its own, end equal.

Officers of both change households, their people too: they join, leave, come back, go on in another
household or head a new one, and whole households relocate; other systems push to either. Sites are
killed amid their work and the lines between the two break. What is relayed both ways is done once,
each side's clerk decides what waits, and in the end totals and hashes are the same.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
import registry_client.door
from django.db.models import Count
from registry_client import Copy, Relayed, relay

from exchange.actions.differences import Choice, DifferencesRefused, decide_differences
from exchange.meanings import MEMBER, VILLAGE
from exchange.models import Difference, DifferenceState
from exchange.sides import pushed_text
from households.changing.kinds import TRANSFERRED
from households.models import Household, Member
from tests import factories as make
from tests.faults.exchange.edits import BRIDE, Play, deal, household, push, relocate
from tests.faults.exchange.systems import System, registry
from tests.processes import Processes

ROUNDS = 50
HOUSEHOLDS = 20
EDITS_A_ROUND = 6
WORKER_KILLED_EVERY, SITE_KILLED_EVERY = 3, 10
PAUSE_SECONDS = 0.5
EQUAL_SECONDS = 180
CHOICES = {VILLAGE: Choice.OURS}
PROVINCES, COUNTYS = ("members", "identity", "incomes", "living"), ("household", "causes")
"""Who owns which group of fields."""


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
        registry(
            "province", processes, tmp_path, owners=provinces, first_number=10_000_000, luck=luck
        ) as province,
        registry(
            "county", processes, tmp_path, owners=countys, first_number=50_000_000, luck=luck
        ) as county,
    ):
        for system in (province, county):
            system.start()
        for system in (province, county):
            system.wait()
        yield province, county
        processes.kill_all()


def test_two_systems_end_equal_after_edits_kills_and_cut_lines(
    systems, tmp_path, full_counts, monkeypatch
):
    monkeypatch.setattr(registry_client.door, "LONGEST_PAUSE_SECONDS", PAUSE_SECONDS)
    luck = random.Random(8)
    province, county = systems
    numbers = [f"H{place:04d}" for place in range(HOUSEHOLDS)]
    keepers = dict(zip(numbers, cycle((province, county))))
    play = Play(luck, province, county, keepers)
    copies = {one.name: Copy(tmp_path / f"{one.name}.sqlite") for one in systems}
    push(county, *map(household, range(HOUSEHOLDS)))
    carry(county, province, copies)
    told: Counter[str] = Counter()
    edits = deal(luck)
    for turn in range(ROUNDS if full_counts else ROUNDS // 10):
        for edit in islice(edits, EDITS_A_ROUND):
            edit(play, luck.choice(numbers))
        for place, (source, target) in enumerate(((county, province), (province, county))):
            hit = blow(2 * turn + place, target)
            carry(source, target, copies, hit=hit, after=luck.random() / 2)
        told += decide(play, luck.choice(systems))
    until = time.monotonic() + EQUAL_SECONDS
    while not settle(play, copies, told) or totals(province) != totals(county):
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


def decide(play: Play, system: System) -> Counter[str]:
    """Let the clerk decide what waits; what that was, by its state.

    Of people he takes the word of those who look after them, of all else the other side's. A
    household that the other side has in the village to which it relocated last is relocated.
    Somebody joins once the end elsewhere is decided: what is refused is tried again behind it.
    """
    told: Counter[str] = Counter()
    with system.inside() as cast:
        waiting = Difference.objects.waiting()
        homes = [*Household.everywhere.filter(pk__in=waiting.values("household"))]
        for home in homes * 2:
            rows = [*waiting.filter(household=home)]
            if not rows:
                continue
            follow(play, system, home, [one for one in rows if one.field == VILLAGE])
            of_people = Choice.OURS if play.keepers.get(home.number) is system else Choice.THEIRS
            choices = {
                one.pk: CHOICES.get(one.field, of_people if one.kind == MEMBER else Choice.THEIRS)
                for one in rows
            }
            with suppress(DifferencesRefused):
                decide_differences(home, choices, version=home.version, by=cast.county_clerk)
                told.update(one.state for one in rows)
                home.refresh_from_db()
    return told


def follow(play: Play, system: System, home: Household, rows: Iterable[Difference]) -> None:
    for one in rows:
        village = json.loads(pushed_text(one))["value"]
        if village == play.villages.get(home.number) != home.village_id:
            relocate(play, system, home, village)


def settle(play: Play, copies: dict[str, Copy], told: Counter[str]) -> bool:
    """Carry over both ways, and decide once nothing comes over; whether all is quiet.

    What is left behind may hang on what a clerk has still to decide.
    """
    both = ((play.county, play.province), (play.province, play.county))
    relayed = [carry(source, target, copies) for source, target in both]
    if any(one.counts["updated"] or one.counts["created"] for one in relayed):
        return False
    decided = decide(play, play.province) + decide(play, play.county)
    told += decided
    return not decided and not any(one.left_behind for one in relayed)


def totals(system: System) -> list[Any]:
    with system.door() as door:
        return door.get("sync/totals/", division=make.COUNTY, year=2019)["results"]


def figures(system: System) -> dict[str, Any]:
    """What was written there, by the database: households, and people in and gone."""
    with system.inside():
        ended = Member.objects.exclude(end_reason="")
        stints = Member.objects.values("household", "person_number").annotate(times=Count("pk"))
        return {
            "households": Household.everywhere.count(),
            "split": Household.everywhere.filter(number__startswith=make.COUNTY).count(),
            "relocated": Household.everywhere.exclude(village=make.VILLAGE).count(),
            "addresses": Household.everywhere.exclude(address="").count(),
            "joined": Member.objects.filter(name=BRIDE).count(),
            "ended": dict(Counter(ended.values_list("end_reason", flat=True))),
            "transferred": ended.filter(end_reason=TRANSFERRED).count(),
            "returned": stints.filter(times__gt=1).count(),
        }
