"""A province of plain villages, and what the independent oracle says of each of its households."""

import random
import uuid
from decimal import Decimal
from typing import Any

from divisions.models import Division, Level
from households.models import Household, Standard, Survey
from households.rules import EXPENSE, GUARANTEES, INCOMES, MET, NOT_APPLICABLE, NOT_MET, State, fen
from tests import factories as make
from tests.oracle.columns import GUARANTEES as STATED
from tests.oracle.columns import INCOMES as FILED
from tests.oracle.review import review as judged
from tests.oracle.world import Household as Home
from tests.oracle.world import Register
from tests.oracle.world import Survey as Filed
from workflow.models import PolicyParameter

YEAR = 2019
HOUSEHOLDS_OF_A_VILLAGE = 100
STATES = (*[State.ORDINARY] * 3, *[State.POOR] * 3, State.EXITED, State.RELAPSED)
SURVEYED = 0.95
AMOUNTS = (None, 0, 1, 2800, 3217, 3218, 3219, 4827, 9000, 20000)
STATED_GUARANTEES = (*[MET] * 40, NOT_MET, NOT_APPLICABLE, None)


def plant_villages(number: int) -> list[str]:
    """Codes of new villages of one county of the sample tree, in townships of their own."""
    townships = [f"{make.COUNTY}{serial}" for serial in range(300, 300 + -(-number // 20))]
    villages = [f"{one}{serial}" for one in townships for serial in range(200, 220)][:number]
    for level, codes in ((Level.TOWNSHIP, townships), (Level.VILLAGE, villages)):
        Division.objects.bulk_create(
            Division(code=code, level=level, name=code, parent_id=make.parent_code(code))
            for code in codes
        )
    return villages


def settle(villages: list[str]) -> None:
    """HOUSEHOLDS_OF_A_VILLAGE in each, nineteen of twenty surveyed; one village is one chunk."""
    chance = random.Random(19)
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households",
        value=HOUSEHOLDS_OF_A_VILLAGE, source="test",
    )  # fmt: skip
    households = Household.everywhere.bulk_create(
        (
            _household(f"{village}-{place:03d}", village, chance.choice(STATES))
            for village in villages
            for place in range(HOUSEHOLDS_OF_A_VILLAGE)
        ),
        batch_size=5000,
    )
    operator = make.the_operator()
    Survey.objects.bulk_create(
        (
            Survey(
                household=one, village_id=one.village_id, year=YEAR, recorded_by=operator,
                member_digest=uuid.uuid4(), persons=chance.randint(1, 6), **_facts(chance),
            )
            for one in households
            if chance.random() < SURVEYED
        ),
        batch_size=5000,
    )  # fmt: skip


def _household(number: str, village: str, state: State) -> Household:
    left = 2018 if state in (State.EXITED, State.RELAPSED) else None
    return Household(number=number, village_id=village, state=state, exit_year=left)


def _facts(chance: random.Random) -> dict[str, Any]:
    amounts = [chance.choice(AMOUNTS) if chance.random() < 0.3 else 9000 for _ in INCOMES]
    money = [None if amount is None else Decimal(amount) for amount in amounts]
    facts = dict(zip(INCOMES, money, strict=True))
    facts |= {EXPENSE: Decimal(chance.choice((0, 500, 8000)))}
    return facts | {name: chance.choice(STATED_GUARANTEES) for name in GUARANTEES}


def expected_lines() -> dict[str, str]:
    """The report's line of each household that has one, by household number."""
    register = Register()
    for number, village, state in Household.everywhere.values_list("number", "village_id", "state"):
        register.households[number] = Home(number, village, state)
    names = (*INCOMES, EXPENSE, *GUARANTEES)  # as FILED and STATED
    rows = Survey.objects.values_list("household__number", "persons", *names)
    for number, persons, *values in rows:
        facts = [_filed(value) for value in values]
        named = dict(zip((*FILED, *STATED), facts, strict=True))
        register.households[number].surveys[YEAR] = [Filed(named, frozenset(range(persons)))]
    standard = Standard.objects.holding(make.PROVINCE, YEAR).get()
    lines = (fen(standard.line), fen(standard.monitoring_line))
    rows = judged(register, make.PROVINCE, YEAR, lines)
    return {row[0]: ",".join(row) for row in rows}


def _filed(value: Decimal | int | None) -> int | str | None:
    """Money as fen, a guarantee as the text of its code."""
    if value is None:
        return None
    return fen(value) if isinstance(value, Decimal) else str(value)
