"""Sponsoring units, and the people that they send: numbers, names, ID numbers, careers."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from divisions.models import DIGITS, Level
from households.identity import check_digit
from registry.demo.names import HAN, SURNAMES, name_of
from registry.demo.places import PROVINCE
from teams.models import Cadre, Education, Rank, Sex, Unit, UnitKind, UnitLevel
from teams.models.units import ID_FIELD, PHONE_FIELD
from trail.sealing import blind, seal

KINDS_AND_NAMES = Sequence[tuple[UnitKind, str]]
OF_COUNTY: KINDS_AND_NAMES = (
    (UnitKind.ORGAN, "财政局"),
    (UnitKind.ORGAN, "农业农村局"),
    (UnitKind.ORGAN, "教育局"),
    (UnitKind.INSTITUTION, "人民医院"),
    (UnitKind.ENTERPRISE, "供电公司"),
    (UnitKind.FINANCE, "农村商业银行"),
)
OF_CITY: KINDS_AND_NAMES = (
    (UnitKind.ORGAN, "住房和城乡建设局"),
    (UnitKind.INSTITUTION, "广播电视台"),
)
OF_PROVINCE: KINDS_AND_NAMES = (
    (UnitKind.ORGAN, "交通运输厅"),
    (UnitKind.UNIVERSITY, "农业大学"),
    (UnitKind.ENTERPRISE, "能源集团"),
)
CENTRAL = "国家示范研究院"
TITLES = ("科员", "四级主任科员", "副科长", "科长", "工程师", "副主任")
HIGHER_UNITS = 0.25
MEN = 0.68
DAYS_OF_YEAR = 365.25


def draw_units(names: Mapping[str, str], counties: Sequence[str]) -> list[Unit]:
    """Units of the province, its cities and counties; some support a county of their own."""
    units = [
        Unit(name=f"{names[PROVINCE]}{name}", level=UnitLevel.PROVINCE, kind=kind,
             division_id=PROVINCE, counterpart_id=counties[place % len(counties)])
        for place, (kind, name) in enumerate(OF_PROVINCE)
    ]  # fmt: skip
    units.append(
        Unit(name=CENTRAL, level=UnitLevel.CENTRAL, kind=UnitKind.UNIVERSITY,
             division_id=PROVINCE, counterpart_id=counties[0])
    )  # fmt: skip
    for city in sorted({code[: DIGITS[Level.CITY]] for code in counties}):
        units += [
            Unit(name=names[city] + name, level=UnitLevel.CITY, kind=kind, division_id=city)
            for kind, name in OF_CITY
        ]
    for county in counties:
        units += [
            Unit(name=names[county] + name, level=UnitLevel.COUNTY, kind=kind, division_id=county)
            for kind, name in OF_COUNTY
        ]
    return units


class People:
    """Hands out persons, each once, in the order of the numbers; all of them stand in `drawn`."""

    def __init__(
        self, random: Random, units: Sequence[Unit], numbers: Iterator[str], *, today: date
    ):
        self.random, self.numbers, self.today = random, numbers, today
        self.drawn: list[Cadre] = []
        self.identities: set[str] = set()
        self.near: dict[str, list[Unit]] = {}
        self.higher = [unit for unit in units if unit.level != UnitLevel.COUNTY]
        for unit in units:
            if unit.level == UnitLevel.COUNTY:
                self.near.setdefault(unit.division_id, []).append(unit)

    def official(self, county: str, *, name: str = "") -> Cadre:
        """Somebody whom a unit of the county, or above it, can send; long at work, in the Party."""
        random = self.random
        male, age = random.random() < MEN, random.randint(26, 54)
        born = self._days_back(age)
        row = uuid.UUID(int=random.getrandbits(128), version=4)
        identity = self._identity(county, born, odd=male)
        drawn = self._name(age, male=male)
        phone = f"1{random.randint(30, 99)}00{random.randrange(10**6):06d}"
        cadre = Cadre(
            uuid=row,
            number=next(self.numbers),
            division_id=county,
            name=name or drawn,
            id_sealed=seal(identity, field=ID_FIELD, row=row),
            id_blind=blind(identity, field=ID_FIELD),
            phone_sealed=seal(phone, field=PHONE_FIELD, row=row),
            sex=Sex.MALE if male else Sex.FEMALE,
            born=born,
            education=random.choice([Education.COLLEGE, Education.BACHELOR, Education.MASTER]),
            party_member_since=date(born.year + 21, 7, 1),
            working_since=date(born.year + 22, 8, 1),
            is_healthy=True,
            unit=self._unit(county),
            title=random.choice(TITLES),
        )
        self.drawn.append(cadre)
        return cadre

    def leader(self, county: str, rank: Rank) -> Cadre:
        """Somebody of a higher rank, who helps households and serves in no village."""
        cadre = self.official(county)
        cadre.rank, cadre.title = rank, str(rank.label)
        return cadre

    def name_alone(self) -> str:
        """A name for an account that belongs to no record."""
        return self._name(self.random.randint(30, 50), male=self.random.random() < MEN)

    def _name(self, age: int, *, male: bool) -> str:
        random = self.random
        surname = SURNAMES[int(random.random() ** 2 * len(SURNAMES))]
        lots = (random.random(), random.random(), random.random())
        return name_of(surname, HAN, male, age, lots)

    def _unit(self, county: str) -> Unit:
        higher = self.random.random() < HIGHER_UNITS
        return self.random.choice(self.higher if higher else self.near[county])

    def _days_back(self, age: int) -> date:
        days = int(age * DAYS_OF_YEAR) + self.random.randrange(360)
        return self.today - timedelta(days=days)

    def _identity(self, county: str, born: date, *, odd: bool) -> str:
        """An ID number that nobody of this run has."""
        while True:
            serial = self.random.randrange(300, 999) // 2 * 2 + odd
            first = f"{county}{born:%Y%m%d}{serial:03d}"
            if first not in self.identities:
                self.identities.add(first)
                return first + check_digit(first)
