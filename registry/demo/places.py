"""The divisions of province 97: those of the register sample, empty, and a generated tree beside.

Codes follow GB/T 2260 and 10114: cities 01–20 and 51–70, counties from 21, towns from 100,
townships from 200, villages from 200.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

PROVINCE = "97"
FIRST_CITY = 3  # 9701 and 9702 are the sample's
SAMPLE_VILLAGES = ("东沟村", "西坡村", "南坪村", "北岭村", "中寨村")
SAMPLE = {
    "97": "示例省",
    "9701": "示例市",
    "9702": "第二市",
    "970123": "青山县",
    "970124": "白水县",
    "970221": "远岭县",
    "970123100": "城关镇",
    "970123201": "石桥乡",
    "970124100": "河口镇",
    "970221100": "岭南镇",
} | {
    f"{township}{200 + place}": name
    for township in ("970123100", "970123201", "970124100", "970221100")
    for place, name in enumerate(SAMPLE_VILLAGES)
}
LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}

COUNTIES_PER_CITY = 9
CITY_NAMES, CITY_ENDINGS = "岚霁澄郁栖砚蔚昭沅汀泓濯", "州阳宁"
COUNTY_FIRST, COUNTY_LAST = "霜松岚碧翠澄怀望栖砚蔚昭霁郁沅", "岭溪川原陵台泽屏谷峡汀湖岗桥"
TOWN_FIRST, TOWN_LAST = "柳杏梨桃槐枫桂兰菊莲荷芦茶麦粟", "湾坪坝沟垭岔塘渡铺寨集店河桥"
VILLAGE_FIRST = "上下前后东西南北大小新老高长双三五七九青白红黄黑金银石土水"
VILLAGE_LAST = "庄湾沟坡坪岭坝寨洼塬埫垸屯营堡圪梁峁台塘泉井冲畈"


@dataclass(frozen=True)
class Place:
    code: str
    name: str

    @property
    def level(self) -> int:
        return LEVELS[len(self.code)]

    @property
    def parent_code(self) -> str:
        return "0" if self.level == 1 else self.code[: {2: 2, 3: 4, 4: 6, 5: 9}[self.level]]


def sample_places() -> list[Place]:
    """The divisions that the register sample is imported into, in code order."""
    return [Place(code, name) for code, name in sorted(SAMPLE.items())]


def villages_for(households: int) -> int:
    """How many villages so many households fill: some sixty to each, 150 in a large register."""
    density = 60 if households < 10_000 else 100 if households < 300_000 else 150
    return max(3, households // density)


def generated_places(villages: int, *, seed: int) -> Iterator[Place]:
    """A tree that holds exactly `villages` villages in at least three counties, parents first."""
    per_township = 4 if villages <= 100 else 15
    counties = max(3, -(-villages // (per_township * 14)))
    random = Random(seed)  # noqa: S311 - names of places, nothing secret
    names = _names(COUNTY_FIRST, COUNTY_LAST, random)
    for number, share in enumerate(_shares(villages, counties)):
        city, order = divmod(number, COUNTIES_PER_CITY)
        if order == 0:
            yield Place(_city_code(city), _city_name(city))
        code = f"{_city_code(city)}{21 + order}"
        yield Place(code, f"{next(names)}县")
        yield from _townships(code, _shares(share, -(-share // per_township)), random)


def _townships(county: str, sizes: list[int], random: Random) -> Iterator[Place]:
    """One township for each size, every other one a town, each followed by its villages."""
    names = _names(TOWN_FIRST, TOWN_LAST, random)
    for order, size in enumerate(sizes):
        number = (200 if order % 2 else 100) + order // 2
        code = f"{county}{number}"
        yield Place(code, next(names) + ("乡" if order % 2 else "镇"))
        villages = _names(VILLAGE_FIRST, VILLAGE_LAST, random)
        yield from (Place(f"{code}{200 + place}", f"{next(villages)}村") for place in range(size))


def _city_code(order: int) -> str:
    number = FIRST_CITY + order
    return f"{PROVINCE}{number if number <= 20 else number + 30:02d}"


def _city_name(order: int) -> str:
    ending, first = divmod(order, len(CITY_NAMES))
    return f"{CITY_NAMES[first]}{CITY_ENDINGS[ending]}市"


def _names(first: str, last: str, random: Random) -> Iterator[str]:
    """Every pair of a first and a last character once, in random order."""
    pairs = ["".join(pair) for pair in product(first, last)]
    random.shuffle(pairs)
    return iter(pairs)


def _shares(total: int, parts: int) -> list[int]:
    """`total` cut into `parts` that differ by one at most."""
    whole, rest = divmod(total, parts)
    return [whole + (part < rest) for part in range(parts)]
