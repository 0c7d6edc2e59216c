"""What officers and other systems do in two registries of one county, as on pages and doors."""

import json
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from registry_client import Door

from households.changing.judging import Wanted
from households.models import Household, Member
from households.models.members import HEAD, ID_FIELD
from tests import factories as make
from tests.api.conftest import new_person
from tests.faults.exchange.systems import System
from tests.web.exchange.differing import edited
from tests.web.households.changes.changed import done, wanted
from trail.dates import business_date
from trail.sealing import unseal

GROUPS, BRIDE = ["二组", "三组"], "李小花"
VILLAGES = (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE)
MOVED_AWAY = "03"
LONGEST_AGO = timedelta(days=1_000)


@dataclass
class Play:
    """Two registries, and chance.

    What the clerks know: of each household, by number, whose officers look after its people
    (`keepers`), and the village to which it relocated last (`villages`).
    """

    luck: random.Random
    province: System
    county: System
    keepers: dict[str, System] = field(default_factory=dict)
    villages: dict[str, str] = field(default_factory=dict)
    days: int = 0

    def next_day(self) -> date:
        """A day after all days on which something happened before."""
        self.days += 1
        return business_date() - LONGEST_AGO + timedelta(self.days)

    def either(self) -> System:
        return self.luck.choice((self.province, self.county))

    def kept_by(self, system: System) -> list[str]:
        """The households whose people officers of a system look after."""
        return [number for number, keeper in self.keepers.items() if keeper is system]


Edit = Callable[[Play, str], None]


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


def send(door: Door, number: str, method: str, path: str, body: dict[str, Any]) -> None:
    """Change a household at the version that stands."""
    version = door.get(f"households/{number}/")["version"]
    headers = {"If-Match": f'"{version}"', "Content-Type": "application/json"}
    content = json.dumps(body).encode()
    door._send(method, f"households/{number}/{path}", content=content, headers=headers)


def found(number: str) -> Household:
    return Household.everywhere.get(number=number)


def inhabited(play: Play, system: System) -> Member | None:
    """Somebody beside the head of a household whose people a system looks after."""
    people = Member.objects.active().exclude(relation=HEAD).order_by("pk")
    return play.luck.choice([*people.filter(household__number__in=play.kept_by(system))] or [None])


def change(system: System, home: Household, what: Wanted) -> None:
    """Carry a change through: the clerk proposes, the township or the county decides."""
    cast = system.cast
    reviewer = system.reviewers[home.village_id[: len(make.TOWNSHIP)]]
    done(home, what, replace(cast, village_official=cast.county_clerk, township_reviewer=reviewer))


def relocate(play: Play, system: System, home: Household, village: str) -> None:
    what = wanted("relocation", happened_on=play.next_day(), to_village=village)
    change(system, home, what)


def registers(play: Play, _: str) -> None:
    """Another system brings a household that is new."""
    system = play.either()
    with system.inside():
        place = 1000 + Household.everywhere.count() * 2 + (system is play.county)
    push(system, household(place))


def enters_own(play: Play, number: str) -> None:
    """A clerk of the county enters what the county owns."""
    enter(play, play.county, number)


def enters_others(play: Play, number: str) -> None:
    """A clerk at the province enters what the county owns."""
    enter(play, play.province, number)


def differ(play: Play, number: str) -> None:
    """Officers of both enter one field of one household, each his own way."""
    for system in (play.province, play.county):
        enter(play, system, number)


def enter(play: Play, system: System, number: str) -> None:
    address = f"{system.name} {play.luck.randrange(999)} 号"
    with system.inside() as cast:
        edited(found(number), cast.county_clerk, group=play.luck.choice(GROUPS), address=address)


def surveys(play: Play, number: str) -> None:
    """A machine of the province corrects a year."""
    wage = f"{play.luck.randrange(10_000, 90_000)}.00"
    facts = {"year": 2019, "wage_income": wage, "food": "1"}
    with play.province.door() as door:
        send(door, number, "POST", "surveys/", facts | {"reasons": {"wage_income": "务工变化"}})


def causes(play: Play, number: str) -> None:
    """A machine of the county names why a household is poor."""
    with play.county.door() as door:
        send(door, number, "PATCH", "", {"main_cause": play.luck.choice(["01", "02", "03"])})


def marries_in(play: Play, number: str) -> None:
    """Somebody joins, by a change that the township decides."""
    born = date(1980, 1, 1) + timedelta(play.luck.randrange(9_000))
    id_number = make.make_id_number(born=born)
    person = {"name": BRIDE, "relation": "99", "id_number": id_number}
    system = play.keepers[number]
    with system.inside():
        what = wanted("marriage_in", happened_on=play.next_day(), person=person)
        change(system, found(number), what)


def dies(play: Play, _: str) -> None:
    """Somebody dies: the membership ends."""
    leave(play, "death")


def moves_away(play: Play, _: str) -> None:
    """Somebody moves away, for now."""
    leave(play, "moved_out")


def leave(play: Play, kind: str) -> None:
    system = play.either()
    with system.inside():
        if member := inhabited(play, system):
            goes = frozenset({member.pk})
            what = wanted(kind, happened_on=play.next_day(), goes=goes)
            change(system, member.household, what)


def comes_back(play: Play, _: str) -> None:
    """Somebody who moved away returns to the household, under the same person number."""
    for system in play.luck.sample((play.province, play.county), 2):
        with system.inside():
            away = Member.objects.filter(
                end_reason=MOVED_AWAY, household__number__in=play.kept_by(system)
            )
            here = Member.objects.active().values("person_number")
            if member := away.exclude(person_number__in=here).order_by("pk").last():
                welcome(play, system, member)
                return


def welcome(play: Play, system: System, member: Member) -> None:
    person = {
        "name": member.name,
        "relation": "99",
        "id_number": unseal(member.id_sealed, field=ID_FIELD, row=member.uuid),
    }
    what = wanted("returned", happened_on=play.next_day(), person=person)
    change(system, member.household, what)


def transfers(play: Play, _: str) -> None:
    """Somebody goes on in another household."""
    system = play.either()
    with system.inside():
        if member := inhabited(play, system):
            home = member.household
            others = [one for one in play.kept_by(system) if one != home.number]
            goes, other = frozenset({member.pk}), play.luck.choice(others)
            what = wanted("transfer", happened_on=play.next_day(), goes=goes, other=other)
            change(system, home, what)


def splits(play: Play, _: str) -> None:
    """Somebody heads a household of his own."""
    system = play.either()
    with system.inside():
        if member := inhabited(play, system):
            what = wanted(
                "split",
                happened_on=play.next_day(),
                goes=frozenset({member.pk}),
                relations={member.pk: HEAD},
            )
            change(system, member.household, what)
            fresh = Household.everywhere.latest("pk")
            play.keepers[fresh.number] = system


def relocates(play: Play, number: str) -> None:
    """A household moves to another village of the county, as officers of either record."""
    system = play.either()
    with system.inside():
        home = found(number)
        village = play.luck.choice([one for one in VILLAGES if one != home.village_id])
        relocate(play, system, home, village)
        play.villages[number] = village


EDITS: tuple[Edit, ...] = (
    registers,
    enters_own,
    enters_others,
    differ,
    surveys,
    causes,
    marries_in,
    dies,
    moves_away,
    comes_back,
    transfers,
    splits,
    relocates,
)


def deal(luck: random.Random) -> Iterator[Edit]:
    """The edits in ever new orders: of each as many as of any other."""
    while True:
        yield from luck.sample(EDITS, len(EDITS))
