"""One measure as it is drawn: planned, delivered part by part, ended or under way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from random import Random

from assistance.models import DeliveryKind, ItemStatus, StopReason
from assistance.rules.delivering import equal_parts, evenly
from assistance.rules.measures import Source

CASH, GOODS, SERVICE, WORK = (
    DeliveryKind.CASH, DeliveryKind.GOODS, DeliveryKind.SERVICE, DeliveryKind.WORK,
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """How a measure is given as a rule: amounts in yuan from, to and step; in how many parts."""

    low: int
    high: int
    step: int = 100
    how: DeliveryKind = CASH
    parts: int = 1
    source: Source = Source.INTEGRATED
    quantity: str = ""
    content: str = ""


KINDS: dict[str, Kind] = {
    "IND-OWN": Kind(1000, 5000, 500, parts=2, content="种植中药材、养殖（先建后补）"),
    "IND-LINK": Kind(1000, 3000, 500, content="入股合作社，订单收购"),
    "IND-TECH": Kind(200, 600, 100, SERVICE, quantity="实用技术培训"),
    "IND-INS": Kind(50, 300, 50, SERVICE, source=Source.SECTOR, quantity="农业保险参保"),
    "LOAN-MICRO": Kind(10_000, 50_000, 5000, source=Source.BANK, content="发展养殖"),
    "EMP-TRAIN": Kind(500, 1500, 100, SERVICE, source=Source.SECTOR, quantity="职业技能培训"),
    "EMP-JOB": Kind(0, 0, 1, SERVICE, source=Source.SECTOR, quantity="推荐岗位、组织输转"),
    "EMP-TRAVEL": Kind(300, 800, 100, source=Source.PROVINCE, content="外出务工交通补贴"),
    "EMP-START": Kind(2000, 8000, 1000, source=Source.SECTOR, content="自主创业补助"),
    "PUB-POST": Kind(300, 800, 50, parts=4, source=Source.COUNTY, content="保洁、护路"),
    "REL-MOVE": Kind(60_000, 160_000, 10_000, WORK, source=Source.CENTRAL, content="集中安置"),
    "EDU-PRE": Kind(500, 1000, 250, parts=2, source=Source.SECTOR, content="学前资助"),
    "EDU-BOARD": Kind(1000, 1250, 250, parts=2, source=Source.SECTOR, content="寄宿生生活补助"),
    "EDU-MEAL": Kind(800, 1000, 100, GOODS, source=Source.SECTOR, quantity="营养餐一学年"),
    "EDU-HIGH": Kind(2000, 3000, 500, parts=2, source=Source.SECTOR, content="国家助学金"),
    "EDU-YULU": Kind(3000, 3000, 1, parts=2, source=Source.PROVINCE, content="雨露计划"),
    "EDU-COLLEGE": Kind(2000, 4000, 500, source=Source.SECTOR, content="高校资助"),
    "HEA-PREMIUM": Kind(220, 220, 1, source=Source.SECTOR, content="参保缴费补贴"),
    "HEA-DOCTOR": Kind(60, 120, 20, SERVICE, source=Source.SECTOR, quantity="家庭医生签约服务"),
    "HEA-SERIOUS": Kind(3000, 20_000, 1000, source=Source.SECTOR, content="大病集中救治"),
    "HOU-C": Kind(5000, 10_000, 1000, WORK, source=Source.SECTOR, content="C级维修"),
    "HOU-D": Kind(20_000, 35_000, 5000, WORK, source=Source.SECTOR, content="D级重建"),
    "SOC-DIBAO": Kind(2400, 4800, 400, parts=4, source=Source.SECTOR, content="农村低保"),
    "SOC-TEKUN": Kind(6000, 7200, 400, parts=4, source=Source.SECTOR, content="分散供养"),
    "SOC-DISLIVE": Kind(720, 1200, 120, parts=4, source=Source.SECTOR, content="残疾人生活补贴"),
    "SOC-RELIEF": Kind(500, 3000, 500, source=Source.SECTOR, content="临时救助"),
    "AST-SHARE": Kind(400, 1500, 100, source=Source.VILLAGE, content="合作社股金分红"),
    "COM-BUY": Kind(300, 2000, 100, GOODS, source=Source.UNIT, quantity="农产品采购"),
    "PAI-HELP": Kind(300, 1000, 100, GOODS, source=Source.UNIT, quantity="米、油、棉被"),
    "OTH-WILL": Kind(0, 200, 50, GOODS, source=Source.SOCIAL, quantity="励志超市积分兑换"),
}


class Fate(Enum):
    """How far a measure has come on the business date."""

    DONE = "done"
    RUNNING = "running"
    LATE = "late"
    WAITING = "waiting"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Given:
    """One delivery: the day, the worth in yuan, what it was."""

    day: date
    amount: Decimal
    how: DeliveryKind
    quantity: str = ""
    payee: int | None = None


@dataclass
class Loan:
    """The credit of a measure. Amounts are yuan; `repaid` are (day, amount)."""

    drawn_on: date
    due_on: date
    repaid: list[tuple[date, Decimal]]


@dataclass(frozen=True)
class Post:
    """The contract of a measure."""

    starts_on: date
    last_day: date
    pay: Decimal


@dataclass(frozen=True)
class Moved:
    """The relocation of a measure."""

    persons: int
    moved_in_on: date | None
    old_house_gone_on: date | None


@dataclass(frozen=True)
class Taken:
    """The course of a measure; `certified_on` None for no certificate."""

    first_day: date
    last_day: date
    certified_on: date | None


@dataclass
class Help:
    """A measure of a plan as it stands on the business date. Amounts are yuan."""

    code: str
    person: int | None
    planned: Decimal
    starts_on: date
    due_on: date
    agreed_on: date
    status: ItemStatus
    given: list[Given] = field(default_factory=list)
    ended_on: date | None = None
    stop: StopReason | None = None
    instalments: Sequence[tuple[date, Decimal]] = ()
    extra: Loan | Post | Moved | Taken | None = None

    @property
    def delivered(self) -> Decimal:
        """What its deliveries add up to."""
        return sum((one.amount for one in self.given), Decimal(0))


class Giver:
    """Draws measures of one year whose plans were agreed in its spring."""

    def __init__(self, random: Random, year: int, today: date):
        self.random, self.year, self.today = random, year, today
        self.is_past = year < today.year
        self.credits_due = 0

    def agreed_on(self) -> date:
        """The day on which a plan of this year was approved."""
        return date(self.year, 1, 20) + timedelta(days=self.random.randint(0, 50))

    def amount(self, code: str) -> Decimal:
        """An amount that is usual for a measure."""
        kind = KINDS[code]
        return Decimal(self.random.randrange(kind.low, kind.high + 1, kind.step))

    def give(self, code: str, agreed_on: date, person: int | None = None) -> Help:
        """A measure with a fate of its own; those of past years are done."""
        kind, planned = KINDS[code], self.amount(code)
        fate = Fate.DONE if self.is_past else self._fate(kind)
        due_on = self._due(fate, agreed_on)
        first = self._day(agreed_on, min(due_on, self.today))
        parts = equal_parts(planned, evenly(first, due_on, kind.parts))
        found = Help(code, person, planned, date(self.year, 1, 1), due_on, agreed_on,
                     ItemStatus.AGREED)  # fmt: skip
        if kind.parts > 1 and planned:
            found.instalments = [(one.due_on, one.amount) for one in parts]
        kept = {Fate.DONE: len(parts), Fate.RUNNING: len(parts) - 1}.get(fate, 0)
        if fate is Fate.LATE:
            kept = self.random.randint(0, len(parts) - 1)
        found.given = [
            Given(first if kind.parts == 1 else one.due_on, one.amount, kind.how, kind.quantity)
            for one in parts[:kept]
            if one.due_on <= self.today or kind.parts == 1
        ]
        self._settle(found, fate)
        return found

    def _fate(self, kind: Kind) -> Fate:
        luck = self.random.random()
        if luck < 0.66:
            return Fate.DONE
        if luck < 0.82:
            return Fate.RUNNING if kind.parts > 1 else Fate.DONE
        if luck < 0.90:
            return Fate.LATE
        return Fate.WAITING if luck < 0.98 else Fate.STOPPED

    def _due(self, fate: Fate, agreed_on: date) -> date:
        """Late ones were due weeks ago, done ones by today, the others by the end of the year."""
        if fate is Fate.LATE:
            return max(self.today - timedelta(days=self.random.randint(5, 60)), agreed_on)
        if fate is Fate.DONE:
            autumn = date(self.year, self.random.randint(7, 11), 30)
            return max(min(autumn, self.today), agreed_on)
        return date(self.year, 12, 31)

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randint(0, max((last - first).days, 0)))

    def _settle(self, found: Help, fate: Fate) -> None:
        if fate is Fate.STOPPED:
            found.status = ItemStatus.STOPPED
            found.ended_on = self._day(found.agreed_on, self.today)
            found.stop = self.random.choice([StopReason.DECLINED, StopReason.NOT_NEEDED])
        elif fate is Fate.DONE:
            found.status = ItemStatus.DONE
            found.ended_on = max(one.day for one in found.given)
        elif found.given:
            found.status = ItemStatus.ONGOING
