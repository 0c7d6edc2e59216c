"""A block as lines of COPY text: households, members, surveys; everything sensitive sealed."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from households.membership import member_digest
from households.models.households import PHONE_FIELD
from households.models.members import ID_FIELD, PERSON_FIELD
from households.names import tokens_of
from households.rules import GUARANTEES, State
from registry.demo.blocks import SERIALS_PER_BLOCK, Block, Plan
from registry.demo.careers import NEVER, RURAL
from registry.demo.facts import MONEY_COLUMNS, UNKNOWN, Year
from registry.demo.families import DAUGHTER_IN_LAW, MALE, MOTHER, SPOUSE, id_numbers
from registry.demo.names import draws, name_of, surnames
from trail.sealing import blind, seal

NULL = r"\N"
HOUSEHOLD_COLUMNS = (
    "id", "uuid", "number", "village_code", "group", "phone_sealed", "phone_blind", "attribute",
    "state", "state_loaded", "exit_year", "main_cause", "other_causes", "housing_grade", "search",
    "version",
)  # fmt: skip
MEMBER_COLUMNS = (
    "id", "uuid", "household_id", "person_number", "name", "id_sealed", "id_blind", "id_digest",
    "no_id_reason", "relation", "sex", "birth_date", "ethnicity", "education", "in_school",
    "health", "labour", "work_place", "work_months", "medical_insurance",
    "critical_illness_insurance", "pension_insurance", "end_reason", "end_date", "version",
)  # fmt: skip
SURVEY_COLUMNS = (
    "id", "household_id", "village_code", "year", "recorded_at", "recorded_by_id", "corrects_id",
    "reason", "persons", "member_digest", *MONEY_COLUMNS, *GUARANTEES,
)  # fmt: skip
GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组")
CORRECTION = "入户核实，更正工资性收入"
PERSON_LENGTH = 18


@dataclass
class Persons:
    """The persons of a block as text: numbers, names, households' search tokens."""

    numbers: list[str]
    names: list[str]
    by_household: list[list[int]]


def household_numbers(plan: Plan, block: Block) -> list[str]:
    """Village code and serial: sixteen digits."""
    return [
        f"{plan.villages[village]}{serial:04d}"
        for village, serial in zip(block.village.tolist(), block.serial.tolist(), strict=True)
    ]


def name_persons(block: Block, households: Sequence[str]) -> Persons:
    """Names and person numbers; children bear the family's surname, in-laws their own."""
    people, random = block.people, block.random
    family, own = surnames(random, len(households)), surnames(random, len(people.age))
    drawn = draws(random, len(people.age))
    numbers, names = [], []
    by_household: list[list[int]] = [[] for _ in households]
    columns = (people.household, people.order, people.relation, people.sex, people.age)
    for place, (home, order, relation, sex, age) in enumerate(_values(*columns)):
        incoming = relation in (SPOUSE, DAUGHTER_IN_LAW, MOTHER)
        surname = own[place] if incoming else family[home]
        lots = (drawn.first[place], drawn.second[place], drawn.length[place])
        names.append(name_of(surname, block.ethnicity[home], sex == MALE, age, lots))
        numbers.append(f"{households[home]}-{order + 1}")
        by_household[home].append(place)
    for home, case in enumerate(block.cases):
        if case.head_name:
            names[by_household[home][0]] = case.head_name
    return Persons(numbers, names, by_household)


def household_lines(
    plan: Plan, block: Block, numbers: Sequence[str], persons: Persons, first_id: int
) -> Iterator[str]:
    """One line for each household, in HOUSEHOLD_COLUMNS."""
    careers, random, count = block.careers, block.random, len(numbers)
    phones = _phones(random, count)
    rows = _uuids(random, count)
    groups = random.integers(0, len(GROUPS), count)
    active = (block.people.ended == 0).tolist()
    columns = (
        block.village, careers.state, careers.exit_year, careers.cause, careers.other_cause,
        careers.attribute, groups,
    )  # fmt: skip
    for home, values in enumerate(_values(*columns)):
        village, state, exit_year, cause, other, attribute, group = values
        ordinary = state == State.ORDINARY
        tokens = tokens_of(
            persons.names[place] for place in persons.by_household[home] if active[place]
        )
        phone = phones[home]
        yield "\t".join((
            str(first_id + home), str(rows[home]), numbers[home], plan.villages[village],
            GROUPS[group],
            _bytes(seal(phone, field=PHONE_FIELD, row=rows[home])) if phone else NULL,
            str(blind(phone, field=PHONE_FIELD)) if phone else NULL,
            f"{RURAL if ordinary else attribute:02d}",
            str(state), "f" if ordinary else "t", NULL if exit_year == NEVER else str(exit_year),
            "" if ordinary else f"{cause:02d}",
            f"{{{other:02d}}}" if other and not ordinary else "{}",
            block.grade[home], "{" + ",".join(tokens) + "}", "1",
        )) + "\n"  # fmt: skip


def member_lines(
    plan: Plan, block: Block, persons: Persons, *, first_id: int, first_household: int
) -> Iterator[str]:
    """One line for each person, in MEMBER_COLUMNS."""
    people, random = block.people, block.random
    count = len(persons.names)
    rows = _uuids(random, count)
    counties = np.array([int(code[:6]) for code in plan.villages])[block.village[people.household]]
    serials = block.first // plan.block_size * SERIALS_PER_BLOCK
    ids = id_numbers(counties, people, first=serials)
    insured = (random.random((count, 3)) < (0.99, 0.95, 0.9)).tolist()
    columns = (
        people.household, people.relation, people.sex, people.born, people.education,
        people.in_school, people.health, people.labour, people.work_place, people.work_months,
        people.ended, people.end_reason, people.age, block.no_id,
    )  # fmt: skip
    for place, values in enumerate(_values(*columns)):
        (home, relation, sex, born, education, school, health, labour, where, months, ended, reason,
         age, no_id) = values  # fmt: skip
        medical, critical, pension = insured[place]
        sealed = (NULL, NULL, NULL)
        if not no_id:
            sealed = _sealed(ids[place] + block.certificate[place], rows[place])
        yield "\t".join((
            str(first_id + place), str(rows[place]), str(first_household + home),
            persons.numbers[place], persons.names[place], *sealed, str(no_id) if no_id else "",
            f"{relation:02d}", str(sex), iso_date(born), block.ethnicity[home], listed(education),
            listed(school), listed(health), listed(labour), listed(where),
            str(months) if months >= 0 else NULL, "t" if medical else "f",
            "t" if critical else "f", NULL if age < 16 else "t" if pension else "f",
            listed(reason), iso_date(ended) if ended else NULL, "1",
        )) + "\n"  # fmt: skip


def survey_lines(
    plan: Plan, block: Block, persons: Persons, *, first_id: int, first_household: int, officer: int
) -> Iterator[str]:
    """One line for each survey, year by year, in SURVEY_COLUMNS; corrections come last."""
    next_id = first_id
    for year in block.years:
        days = block.random.integers(1, 29, len(year.persons)).tolist()
        digests = _digests(block, persons, year)
        corrected = block.corrected if year is block.years[-1] else np.zeros(len(days), dtype=bool)
        corrections = []
        for home in np.flatnonzero(year.surveyed).tolist():
            facts = _facts(plan, block, year, home, digests[home])
            opening = (str(first_household + home), facts.village, str(year.year))
            moment = f"{year.year}-11-{days[home]:02d} 09:30:00+08"
            money = facts.money
            if corrected[home]:
                corrections.append((next_id, opening, facts))
                money = [f"{int(money[0][:-3]) + 600}.00", *money[1:]]
            ending = (str(facts.persons), facts.digest, *money, *facts.guarantees)
            yield (
                "\t".join((str(next_id), *opening, moment, str(officer), NULL, "", *ending)) + "\n"
            )
            next_id += 1
        for wrong, opening, facts in corrections:
            moment = f"{year.year}-12-08 15:00:00+08"
            ending = (str(facts.persons), facts.digest, *facts.money, *facts.guarantees)
            start = (str(next_id), *opening, moment, str(officer), str(wrong), CORRECTION)
            yield "\t".join((*start, *ending)) + "\n"
            next_id += 1


def surveys_in(block: Block) -> int:
    """How many lines `survey_lines` gives."""
    return sum(int(year.surveyed.sum()) for year in block.years) + int(block.corrected.sum())


@dataclass(frozen=True)
class Facts:
    village: str
    persons: int
    digest: str
    money: list[str]
    guarantees: list[str]


def _facts(plan: Plan, block: Block, year: Year, home: int, digest: str) -> Facts:
    return Facts(
        plan.villages[block.village[home]],
        int(year.persons[home]),
        digest,
        [_yuan(fen) for fen in year.money[home].tolist()],
        [NULL if value == UNKNOWN else str(value) for value in year.guarantees[home].tolist()],
    )


def _digests(block: Block, persons: Persons, year: Year) -> list[str]:
    """Which members each household's survey of the year counts."""
    counted = block.people.counted(year.year).tolist()
    return [
        str(member_digest(persons.numbers[place] for place in places if counted[place]))
        for places in persons.by_household
    ]


def _values(*columns: np.ndarray) -> Iterator[tuple[int, ...]]:
    return zip(*(column.tolist() for column in columns), strict=True)


def _uuids(random: np.random.Generator, count: int) -> list[uuid.UUID]:
    raw = random.bytes(16 * count)
    return [uuid.UUID(bytes=raw[at : at + 16], version=4) for at in range(0, len(raw), 16)]


def _phones(random: np.random.Generator, count: int) -> list[str]:
    """Numbers whose middle digits are zero; one household in ten has none."""
    start, end = random.integers(130, 200, count), random.integers(0, 10**6, count)
    none = random.random(count) < 0.1
    return [
        "" if empty else f"{first}00{last:06d}" for first, last, empty in _values(start, end, none)
    ]


def _sealed(number: str, row: uuid.UUID) -> tuple[str, str, str]:
    return (
        _bytes(seal(number, field=ID_FIELD, row=row)),
        str(blind(number[:PERSON_LENGTH], field=PERSON_FIELD)),
        str(blind(number, field=ID_FIELD)),
    )


def _bytes(raw: bytes) -> str:
    return r"\\x" + raw.hex()


def iso_date(number: int) -> str:
    """YYYYMMDD as YYYY-MM-DD."""
    return f"{number // 10000}-{number // 100 % 100:02d}-{number % 100:02d}"


def listed(number: int) -> str:
    """A two-digit code; 0 stands for blank."""
    return f"{number:02d}" if number else ""


def _yuan(fen: int) -> str:
    return NULL if fen == UNKNOWN else f"{fen // 100}.{fen % 100:02d}"
