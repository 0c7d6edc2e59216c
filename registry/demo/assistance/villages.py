"""What the plans of a village hold, whom that serves, and how the income of its plant is shared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from assistance.models import ItemStatus, TransferKind
from assistance.rules.delivering import equal_parts, evenly
from registry.demo.assistance.helps import WORK, Given, Help
from registry.demo.assistance.homes import Home

FIRST_YEAR = 2016
AMOUNTS = {
    "INF-ROAD": (300_000, 900_000),
    "INF-WATER": (80_000, 400_000),
    "INF-NET": (30_000, 90_000),
    "INF-CLINIC": (60_000, 150_000),
    "INF-CULTURE": (60_000, 150_000),
    "AST-SOLAR": (160_000, 320_000),
}
SHARED, SHARE, INCOME, KEPT_PERCENT = 0.5, Decimal(2000), Decimal(800), 25
KINDS = (TransferKind.DIVIDEND,) * 6 + (TransferKind.POST, TransferKind.WORK, TransferKind.REWARD)


@dataclass(frozen=True)
class Shared:
    """Income of a year, shared out; `parts` are (household, kind, yuan)."""

    year: int
    total: Decimal
    kept: Decimal
    decided_on: date
    paid_on: date
    parts: list[tuple[int, TransferKind, Decimal]]


@dataclass
class VillageHelp:
    """A measure of a village, the households that it serves with their shares, its income."""

    help: Help
    served: list[tuple[int, Decimal | None]]
    since: date
    income: list[Shared] = field(default_factory=list)


class Builder:
    """Draws the measures of one village after the other."""

    def __init__(self, random: Random, today: date):
        self.random, self.today = random, today

    def plans(self, homes: Sequence[Home]) -> dict[int, list[VillageHelp]]:
        """The measures by the year of their plan."""
        last, now = self.today.year - 1, self.today.year
        return {
            FIRST_YEAR: [self._works("INF-WATER", FIRST_YEAR, homes)],
            last: [self._works("INF-NET", last, homes), self._plant(last, homes)],
            now: [*self._now(now, homes)],
        }

    def _now(self, year: int, homes: Sequence[Home]) -> Iterator[VillageHelp]:
        """The road of this year, half built, late in one village of five; a clinic or a stage."""
        is_late = self.random.random() < 0.2
        due_on = self.today - timedelta(days=20) if is_late else date(year, 12, 31)
        agreed_on = date(year, 3, 10)
        planned = self._amount("INF-ROAD")
        parts = equal_parts(planned, evenly(date(year, 6, 30), due_on, 3))
        road = Help("INF-ROAD", None, planned, date(year, 3, 15), due_on, agreed_on,
                    ItemStatus.ONGOING, [Given(one.due_on, one.amount, WORK) for one in parts[:1]],
                    instalments=[(one.due_on, one.amount) for one in parts])  # fmt: skip
        yield VillageHelp(road, [(home.pk, None) for home in homes], agreed_on)
        yield self._works(self.random.choice(["INF-CLINIC", "INF-CULTURE"]), year, homes)

    def _amount(self, code: str) -> Decimal:
        return Decimal(self.random.randrange(*AMOUNTS[code], 10_000))

    def _works(self, code: str, year: int, homes: Sequence[Home]) -> VillageHelp:
        """Building work that is done; everybody of the base is served."""
        planned, built = self._amount(code), date(year, self.random.randint(8, 11), 20)
        found = Help(code, None, planned, date(year, 3, 15), date(year, 11, 30), date(year, 3, 1),
                     ItemStatus.DONE, [Given(built, planned, WORK)], built)  # fmt: skip
        return VillageHelp(found, [(home.pk, None) for home in homes], built)

    def _plant(self, year: int, homes: Sequence[Home]) -> VillageHelp:
        """A solar plant: who has nobody able to work comes first; its income of the year after."""
        found = self._works("AST-SOLAR", year, ())
        weakest = sorted(homes, key=lambda home: (len(home.workers), home.number))
        served = weakest[: round(len(homes) * SHARED)]
        most = int(found.help.planned / SHARE)
        found.served = [(home.pk, SHARE) for home in served[:most]]
        if found.served:
            found.income.append(self._share_out([pk for pk, _share in found.served]))
        return found

    def _share_out(self, served: Sequence[int]) -> Shared:
        parts = [
            (pk, self.random.choice(KINDS), INCOME + self.random.randrange(0, 400, 50))
            for pk in served
        ]
        given = sum((amount for _pk, _kind, amount in parts), Decimal(0))
        kept = (given * KEPT_PERCENT / 100).quantize(Decimal(1))
        paid = self.today - timedelta(days=self.random.randint(20, 50))
        return Shared(self.today.year, given + kept, kept, paid - timedelta(days=10), paid, parts)
