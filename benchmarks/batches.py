"""A batch of a thousand households at the REST door: new, changed, unchanged."""

import json
import os
import time
from itertools import count
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks.measuring import Line
from divisions.models import Division, Level
from households.identity import check_digit
from officers.actions import KeyTerms, create_client
from officers.models import Officer
from officers.rules import Scope
from trail.dates import business_date

HOUSEHOLDS, BUDGET = 1000, "≤ 1.5 s of processor"
PROVINCE = "97"
PEOPLE = (3, 4)
LAST_SERIAL = 900
TICKS = os.sysconf("SC_CLK_TCK")
serials = count()


def measure() -> list[Line]:
    """Push new households with people and a survey; the same again; the same with other facts."""
    village = _village()
    pusher = Pusher(village[:6])
    pusher.pushed("first", [household(village, HOUSEHOLDS + 1)], "created")  # loads what is lazy
    batch = [household(village, number) for number in range(HOUSEHOLDS)]
    lines = [
        pusher.pushed("new households", batch, "created"),
        pusher.pushed("the same households", batch, "unchanged"),
    ]
    for one in batch:
        survey = one["surveys"][0]
        survey["wage_income"], survey["toilet"] = "9100.00", not survey["toilet"]
        one["members"][0]["health"], one["version"] = "02", 1
    return [*lines, pusher.pushed("another wage, toilet and health in each", batch, "updated")]


def _village() -> str:
    """The first village of the made-up province."""
    found = Division.objects.filter(level=Level.VILLAGE, code__startswith=PROVINCE)
    return found.order_by("code").values_list("code", flat=True)[0]


class Pusher:
    """A client that posts batches; what they take of the processor here and in the database."""

    def __init__(self, county: str) -> None:
        issued = create_client(
            username=f"bench-{time.time_ns()}",
            name="性能平台",
            division=Division.objects.get(pk=county),
            terms=KeyTerms((Scope.READ, Scope.WRITE), 30),
            by=Officer.objects.get(username="operator"),
        )
        self.headers = {"Authorization": f"Bearer {issued.text}"}
        self.client = Client(SERVER_NAME="localhost")

    def pushed(self, what: str, batch: list[dict[str, Any]], result: str) -> Line:
        """The line of one batch, all of which comes out as `result`."""
        body = json.dumps({"households": batch}, ensure_ascii=False).encode()
        headers = self.headers | {"Idempotency-Key": f"bench-{next(serials)}"}
        began, here, there = time.perf_counter(), time.process_time(), _database_seconds()
        answer = self.client.post(
            "/api/v1/sync/batches/", body, content_type="application/json", headers=headers
        )
        seconds = time.perf_counter() - began
        own, other = time.process_time() - here, _database_seconds() - there
        counts = answer.json().get("counts", {})
        if counts.get(result) != len(batch):
            raise RuntimeError(f"{what}: {answer.content[:600].decode()}")
        people = sum(len(one["members"]) for one in batch)
        return Line(
            f"a batch of {len(batch):,} with {people:,} people and a survey each: {what}",
            f"{own + other:.2f} s of processor ({other:.2f} in the database), {seconds:.1f} s,"
            f" {len(body) / 2**20:.1f} MiB",
            BUDGET,
        )


def _database_seconds() -> float:
    """What the session's backend used of the processor so far; 0 where it runs elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def household(village: str, number: int) -> dict[str, Any]:
    people = PEOPLE[number % len(PEOPLE)]
    return {
        "number": f"{village[:6]}B{number:08d}",
        "village": village,
        "group": "一组",
        "address": f"村东 {number} 号",
        "phone": f"138{number:08d}",
        "main_cause": "01",
        "other_causes": ["02"],
        "needs": ["HEA"],
        "members": [_person(number, place) for place in range(people)],
        "surveys": [_survey()],
    }


def _person(number: int, place: int) -> dict[str, Any]:
    return {
        "name": f"测试{number}{place}",
        "id_number": _id_number(number, place),
        "relation": "01" if place == 0 else "03",
        "ethnicity": "01",
        "education": "02",
        "health": "01",
        "labour": "01",
        "work_months": 3,
        "medical_insurance": True,
        "pension_insurance": True,
    }


def _id_number(number: int, place: int) -> str:
    block, serial = divmod(number * PEOPLE[-1] + place, LAST_SERIAL)
    first = f"{990000 + block}19{60 + place * 10}0202{serial:03d}"
    return first + check_digit(first)


def _survey() -> dict[str, Any]:
    met = ("food", "clothing", "education", "medical", "housing", "water")
    lines = [
        {"kind": "business_income", "item": "other_business", "amount": amount}
        for amount in ("1200.00", "800.00")
    ]
    return {
        "year": business_date().year,
        "wage_income": "9000.00",
        "property_income": "0.00",
        "transfer_income": "600.00",
        "business_expense": "500.00",
        "lines": lines,
        "housing_m2": "86.50",
        "toilet": False,
        "arable_mu": "3.50",
        **dict.fromkeys(met, "1"),
    }
