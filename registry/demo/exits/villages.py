"""The villages of the first counties: how each stands, its records by year, the list of poor ones.

The register says how many are poor; the population is drawn so that the incidence is the wanted
one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from random import Random

from django.db.models import Count

from divisions.models import Division, Level
from exits.models import ListedPlace
from exits.queries.figures import poor_persons
from households.actions.village_records import FILE, PAGE
from households.models import Member, VillageRecord
from households.village_fields import Value, kept
from registry.demo.accounts import COUNTY, VILLAGE
from registry.demo.assistance.writing import moment
from registry.demo.exits.hands import Hands

AT_ONCE = 2000
LISTED_ON, COUNTY_LISTED_ON = date(2014, 5, 12), date(2012, 3, 19)
LIST, COUNTY_LIST = "省扶贫办关于贫困村识别结果的批复（2014）", "国家扶贫开发工作重点县名单（2012）"
SCALE, GROWTH = 10_000, Decimal("0.002")


class Fate(StrEnum):
    """How a village stands at the end of the last year."""

    ON_NOTICE = "on_notice"
    REFUSED = "refused"
    LEFT = "left"
    PROPOSED = "proposed"
    VETOED = "vetoed"
    UNRECORDED = "unrecorded"
    LEFT_EARLIER = "left_earlier"


INCIDENCE: Mapping[Fate, tuple[int, int]] = {
    Fate.ON_NOTICE: (140, 155),
    Fate.REFUSED: (250, 265),
    Fate.LEFT: (110, 140),
    Fate.PROPOSED: (130, 150),
    Fate.VETOED: (110, 150),
    Fate.UNRECORDED: (120, 160),
    Fate.LEFT_EARLIER: (70, 150),
}
"""From and to, in basis points of the population."""

TOLD_WRONGLY = Decimal("1.4")
"""So many times its population a village told at first, before it corrected its record."""

FATES = (Fate.LEFT, Fate.PROPOSED, Fate.VETOED, Fate.UNRECORDED)
"""Of the further villages of the clerk's county, in the order of their codes."""

EARLIEST_LEFT = 2016


@dataclass(frozen=True)
class Village:
    """A village of the list, how it stands, since when its services are complete, its people."""

    code: str
    fate: Fate
    complete: int
    people: int


def villages_of(hands: Hands, last: int, *, seed: int) -> list[Village]:
    """Every village of the first counties, in the order of their codes."""
    random = Random(seed * 1000 + 21)  # noqa: S311 - made-up figures, nothing secret
    codes = sorted(
        code
        for county in hands.counties
        for code in Division.objects.within(county)
        .filter(level=Level.VILLAGE)
        .values_list("pk", flat=True)
    )
    poor, registered = poor_persons(codes), _registered(codes)
    fates = _fates(codes, {code: poor.get(code, 0) / registered.get(code, 1) for code in codes})
    found = []
    for code in codes:
        fate = fates[code]
        share = random.randint(*INCIDENCE[fate])
        wanted = poor.get(code, 0) * SCALE // share
        people = wanted if fate is Fate.REFUSED else max(wanted, 2 * registered.get(code, 0), 200)
        found.append(Village(code, fate, _complete(random, fate, last), people))
    return found


def _complete(random: Random, fate: Fate, last: int) -> int:
    """The year in which roads, water, houses and services of a village were as they must be."""
    if fate is Fate.LEFT_EARLIER:
        return random.randint(min(EARLIEST_LEFT, last - 2), last - 2)
    return last - 1 if fate in (Fate.LEFT, Fate.REFUSED) else last


def _fates(codes: Sequence[str], shares: Mapping[str, float]) -> dict[str, Fate]:
    """The accounts' village stands on notice, the poorest other one of its county was refused."""
    fates = dict.fromkeys(codes, Fate.LEFT_EARLIER)
    own = [code for code in codes if code[:6] == COUNTY and code != VILLAGE]
    fates[codes[-1]] = Fate.LEFT
    if own:
        refused = max(own, key=lambda code: shares[code])
        rest = [code for code in own if code != refused]
        fates |= dict(zip(rest, FATES, strict=False)) | {refused: Fate.REFUSED}
    if VILLAGE in fates:
        fates[VILLAGE] = Fate.ON_NOTICE
    return fates


def _registered(codes: Sequence[str]) -> dict[str, int]:
    """Persons of the households in the register by village, whatever their state."""
    members = Member.objects.active().filter(household__village__in=codes).order_by()
    return dict(members.values_list("household__village_id").annotate(Count("pk")))


def records_of(
    villages: Sequence[Village], years: Sequence[int], hands: Hands, *, seed: int
) -> list[VillageRecord]:
    """The records of all these years, not written yet; the same ones whenever they are drawn."""
    random = Random(seed * 1000 + 23)  # noqa: S311 - made-up figures, nothing secret
    return [one for village in villages for one in _records(village, years, hands, random)]


def write_records(records: Iterable[VillageRecord]) -> None:
    """Put records of villages on record."""
    VillageRecord.everywhere.bulk_create(records, batch_size=AT_ONCE)


def list_poor(villages: Sequence[Village], hands: Hands) -> None:
    """The lists of poor villages and counties as they stood before the first case.

    Who left by a case comes off the list by that case, later.
    """
    ListedPlace.everywhere.bulk_create(
        [_listed(village, hands) for village in villages], batch_size=AT_ONCE
    )
    ListedPlace.everywhere.bulk_create(
        ListedPlace(
            division_id=county, listed_on=COUNTY_LISTED_ON, source=COUNTY_LIST,
            listed_by=hands["province"],
        )
        for county in hands.counties
    )  # fmt: skip


def _listed(village: Village, hands: Hands) -> ListedPlace:
    left = village.complete if village.fate is Fate.LEFT_EARLIER else None
    return ListedPlace(
        division_id=village.code, listed_on=LISTED_ON, source=LIST,
        listed_by=hands.clerk(village.code), exit_year=left,
        exited_on=date(left, 12, 20) if left else None,
    )  # fmt: skip


def _records(
    village: Village, years: Sequence[int], hands: Hands, random: Random
) -> Iterator[VillageRecord]:
    """A file of the county for the years before, the village itself since."""
    land = random.uniform(1.1, 1.9)
    for year in years:
        if village.fate is Fate.UNRECORDED and year == years[-1]:
            continue
        is_own = year == years[-1] and village.code in hands.villages
        by = hands.official(village.code) if is_own else hands.clerk(village.code)
        recorded = moment(date(year, 10, random.randint(9, 28)))
        yield VillageRecord(
            village_id=village.code, year=year, recorded_by=by, recorded_at=recorded,
            source=PAGE if is_own else FILE,
            values=kept(_figures(village, year, years[-1], land, random)),
        )  # fmt: skip


def _figures(
    village: Village, year: int, last: int, land: float, random: Random
) -> dict[str, Value]:
    """What is recorded of a village in a year; what it lacks shrinks until it is complete."""
    people = round(village.people * (1 - GROWTH * (last - year)))
    is_told_wrongly = village.fate is Fate.REFUSED and year == last - 1
    told = round(people * TOLD_WRONGLY) if is_told_wrongly else people
    households, lacks = people * 10 // 36, max(village.complete - year, 0)
    houses = round(households * 0.02) * lacks + (2 if village.fate is Fate.VETOED else 0)
    arable, labourers = round(people * land), round(people * 0.53)
    return {
        "households": households,
        "natural_villages": max(2, households // 70),
        "population": round(told * Decimal("1.03")),
        "rural_population": told,
        "allowance_households": round(households * 0.07),
        "five_guarantee_households": round(households * 0.01),
        "allowance_population": round(people * 0.05),
        "minority_population": round(people * 0.04),
        "women": round(people * 0.47),
        "disabled": round(people * 0.03),
        "labourers": labourers,
        "migrant_workers": round(labourers * random.uniform(0.38, 0.46)),
        "arable_mu": Decimal(arable),
        "irrigated_mu": Decimal(round(arable * 0.35)),
        "forest_mu": Decimal(round(arable * 1.8)),
        "returned_forest_mu": Decimal(round(arable * 0.12)),
        "farmer_income": Decimal(6900 + 1150 * (year - 2015) + random.randrange(0, 400, 10)),
        "collective_income": Decimal(max(60, 680 - 210 * lacks + random.randrange(0, 240))) / 100,
        "cooperatives": max(0, 3 - lacks),
        "tourism_households": random.randint(0, 3),
        "medical_insured": round(people * 0.97),
        "resident_pension": round(people * 0.61),
        "road_paved": lacks < 3,
        "bus": lacks < 2,
        "unsafe_water_households": round(households * 0.05) * lacks,
        "difficult_water_households": round(households * 0.03) * lacks,
        "powered_villages": max(2, households // 70) - min(lacks, 1),
        "production_power": lacks < 2,
        "dangerous_house_households": houses,
        "clinics": int(lacks < 2),
        "public_toilets": max(0, 4 - lacks),
        "licensed_doctors": int(lacks < 1),
        "waste_points": max(1, 5 - lacks),
        "culture_rooms": int(lacks < 2),
        "broadband_households": max(0, round(households * (0.7 - 0.15 * lacks))),
        "broadband": lacks < 1,
        "mobile_households": max(0, round(households * (0.85 - 0.1 * lacks))),
        "information_officers": 1,
        "graduate_officers": int(lacks < 3),
        "party_members": 12 + people // 60,
        "good_committee": True,
    }
