"""What is recommended, written anew in plain Python: no bits, no columns, one subject at a time.

Also the catalogue and the table as they are shipped, and facts of which a test says only some.
"""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistance.rules.facts import HOUSEHOLD, HOUSEHOLD_FACTS, PERSON_FACTS
from assistance.rules.measures import CapBasis, Category, Repeats, Terms, Unit
from assistance.rules.recommending import table_from

DATA = Path(__file__).parents[2] / "assistance" / "data"
ROWS = json.loads((DATA / "recommendations.json").read_text(encoding="utf-8"))
SHIPPED = json.loads((DATA / "catalogue.json").read_text(encoding="utf-8"))
CATALOGUE = [
    Terms(
        code=one["code"],
        category=Category(one["category"]),
        unit=Unit(one["unit"]),
        order=one["order"],
        conditions=tuple(one["conditions"]),
        group=one["group"],
        repeats=Repeats(one["repeats"]),
        cap=Decimal(one["cap"]) if one["cap"] else None,
        cap_basis=CapBasis(one["cap_basis"]),
    )
    for one in sorted(SHIPPED, key=lambda one: (one["order"], one["code"]))
]
TERMS = {one.code: one for one in CATALOGUE}
TABLE = table_from(ROWS, {one.code: one.unit for one in CATALOGUE})
UNKNOWN = -1


def household_facts(**said: int) -> dict[str, int]:
    """A registered household of one healthy worker in a safe house who works; and what is said."""
    usual = {
        "registered": 1, "supported": 1, "attribute": 1, "persons": 1, "workers": 1,
        "credit_adults": 1, "housing_grade": 1,
    }  # fmt: skip
    return dict.fromkeys(HOUSEHOLD_FACTS, 0) | usual | said


def person_facts(household: dict[str, int], **said: int) -> dict[str, int]:
    """A healthy insured worker of 40 of that household who works near by; and what is said."""
    usual = {
        "age": 40, "sex": 1, "relation": 1, "education": 3, "health": 1, "labour": 1, "able": 1,
        "work_place": 1, "work_months": 12, "insured": 1,
    }  # fmt: skip
    shared = {HOUSEHOLD + name: value for name, value in household.items()}
    return dict.fromkeys(PERSON_FACTS, 0) | usual | said | shared


@dataclass(frozen=True)
class Has:
    """Codes that cannot come again, that shut their group, and whose cap is reached."""

    enjoyed: AbstractSet[str] = frozenset()
    shuts: AbstractSet[str] = frozenset()
    capped: AbstractSet[str] = frozenset()


def expected(
    facts: dict[str, int], unit: Unit, held: Has
) -> dict[str, tuple[bool, int, list[str]]]:
    """By code of each measure that a row gives: recommended or not, priority, ids of the rows."""
    prefix = HOUSEHOLD if unit is Unit.PERSON else ""
    is_for = _true(ROWS["for"], facts, prefix)
    speaking = [row for row in ROWS["rows"] if is_for and _true(row["when"], facts, prefix)]
    given: dict[str, tuple[int, list[str]]] = {}
    for row in speaking:
        for gift in row["gives"]:
            if gift["to"] != unit or not all(_true(one, facts) for one in gift["who"]):
                continue
            for code in gift["codes"]:
                priority, names = given.get(code, (9, []))
                names = names if row["id"] in names else [*names, row["id"]]
                given[code] = (min(priority, gift["priority"]), names)
    withheld = {name for row in speaking for name in row["withholds"]}
    told = {
        one["code"]
        for one in ROWS["enjoyed"]
        if TERMS[one["code"]].unit == unit and all(_true(test, facts) for test in one["when"])
    }
    possible = [
        code
        for code in given
        if not withheld & {code, TERMS[code].category}
        and all(_true(one, facts) for one in TERMS[code].conditions)
        and code not in held.enjoyed | held.capped | told
    ]
    possible.sort(key=lambda code: (given[code][0], -len(given[code][1]), TERMS[code].order))
    shut = [(TERMS[code].group, code) for code in held.shuts | told if TERMS[code].group]
    chosen: list[str] = []
    for code in possible:
        group = TERMS[code].group
        taken = any(TERMS[one].group == group for one in chosen) if group else False
        if not taken and not any(name == group and other != code for name, other in shut):
            chosen.append(code)
    return {code: (code in chosen, *given[code]) for code in given}


def _true(condition: dict[str, Any], facts: dict[str, int], prefix: str = "") -> bool:
    if "any" in condition:
        return any(_true(one, facts, prefix) for one in condition["any"])
    if "all" in condition:
        return all(_true(one, facts, prefix) for one in condition["all"])
    if "not" in condition:
        return not _true(condition["not"], facts, prefix)
    value = facts[prefix + condition["fact"]]
    if ("least" in condition or "most" in condition) and value == UNKNOWN:
        return False
    return (
        value == condition.get("is", value)
        and condition.get("least", value) <= value <= condition.get("most", value)
        and value in condition.get("one_of", [value])
        and value not in condition.get("none_of", [])
    )
