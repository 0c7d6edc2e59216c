"""What one entered household costs, and the soft rules held against many."""

import statistics
import time

from benchmarks.measuring import Line
from divisions.models import Division, Level
from households.actions.quality import recheck_all
from households.entry.content import StepContent
from households.entry.judged import Entry
from households.entry.saving import enter_household
from households.identity import check_digit
from households.models import Household
from officers.models import Officer
from trail.dates import business_date

ENTERED, CHECKED, PEOPLE, LINES = 100, 10_000, 4, 10
LAST_SERIAL = 900


def measure() -> list[Line]:
    """Enter households of four with ten income lines one by one; check ten thousand others."""
    official = Officer.objects.get(username="village")
    village = official.acting_division
    year = business_date().year
    taken = [_timed(_entry(village, year, number), official) for number in range(ENTERED)]
    keys = list(_checked())
    began = time.perf_counter()
    issues = recheck_all(keys, year=2020)
    first = time.perf_counter() - began
    began = time.perf_counter()
    recheck_all(keys, year=2020)
    again = time.perf_counter() - began
    taken.sort()
    return [
        Line(
            f"a household of {PEOPLE} with {LINES} income lines entered, soft rules included",
            f"median {statistics.median(taken) * 1000:.0f} ms, p95"
            f" {taken[int(ENTERED * 0.95)] * 1000:.0f} ms",
        ),
        Line(
            f"soft rules held against {len(keys):,} households: {issues:,} findings",
            f"{first:.1f} s, {len(keys) / first:,.0f} a second; again {again:.1f} s",
        ),
    ]


def _checked() -> list[int]:
    villages = Division.objects.filter(level=Level.VILLAGE, code__startswith="97")
    low = villages.order_by("code").values_list("code", flat=True).first()
    found = Household.everywhere.standing().filter(village_id__gte=low).order_by("village_id", "pk")
    return list(found.values_list("pk", flat=True)[:CHECKED])


def _timed(entry: Entry, by: Officer) -> float:
    began = time.perf_counter()
    enter_household(entry, by=by, seen=None)
    return time.perf_counter() - began


def _entry(village: str, year: int, number: int) -> Entry:
    people = tuple(
        {
            "name": f"测试{number}{place}",
            "id_number": _id_number(number, place),
            "relation": "01" if place == 0 else "03",
            "health": "01",
        }
        for place in range(PEOPLE)
    )
    lines = tuple(
        {"kind": "business_income", "item": "other_business", "amount": str(100 + place)}
        for place in range(LINES)
    )
    living = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), "1")
    steps = {
        "household": StepContent(0, {"group": "一组", "phone": "13800000000"}),
        "members": StepContent(0, {}, people),
        "incomes": StepContent(0, {"wage_income": "9000"}, lines),
        "living": StepContent(0, living),
    }
    return Entry(village, year, "", steps)


def _id_number(number: int, place: int) -> str:
    block, serial = divmod(number * PEOPLE + place, LAST_SERIAL)
    first = f"{980000 + block}19{60 + place * 10}0101{serial:03d}"
    return first + check_digit(first)
