"""Families: who lives together, how old they are, their ID numbers, what they do and how they are.

Everything of a block is drawn at once, as columns over its persons; ages are those of the last
year. Sizes and shares: domain reference §15.
"""

from dataclasses import dataclass

import numpy as np

from households.identity import CHECK_DIGITS, WEIGHTS

Column = np.ndarray

HEAD, SPOUSE, SON, DAUGHTER, DAUGHTER_IN_LAW, GRANDSON, GRANDDAUGHTER = 1, 2, 3, 4, 5, 7, 8
FATHER, MOTHER = 11, 12
MALE, FEMALE = 1, 2
MEN, WOMEN = (SON, GRANDSON, FATHER), (DAUGHTER, DAUGHTER_IN_LAW, GRANDDAUGHTER, MOTHER)
YEARS_YOUNGER = {
    HEAD: (0, 0),
    SPOUSE: (-3, 4),
    SON: (22, 30),
    DAUGHTER: (22, 32),
    DAUGHTER_IN_LAW: (22, 32),
    GRANDSON: (46, 56),
    GRANDDAUGHTER: (46, 56),
    FATHER: (-30, -22),
    MOTHER: (-28, -20),
}
"""How many years a relative is younger than the head, from and to."""


@dataclass(frozen=True)
class Template:
    """One kind of family: the relations beside the head, its share, the ages of the head."""

    share: float
    relations: tuple[int, ...]
    head_from: int
    head_to: int


TEMPLATES = (
    Template(0.180, (), 45, 84),
    Template(0.150, (SPOUSE,), 42, 80),
    Template(0.035, (SON,), 35, 66),
    Template(0.025, (DAUGHTER,), 33, 60),
    Template(0.030, (MOTHER,), 36, 60),
    Template(0.090, (SPOUSE, SON), 28, 60),
    Template(0.060, (SPOUSE, DAUGHTER), 28, 58),
    Template(0.050, (SPOUSE, MOTHER), 40, 62),
    Template(0.030, (SON, MOTHER), 34, 58),
    Template(0.080, (SPOUSE, SON, DAUGHTER), 32, 58),
    Template(0.030, (SPOUSE, SON, SON), 32, 58),
    Template(0.050, (SPOUSE, SON, MOTHER), 34, 58),
    Template(0.030, (SPOUSE, FATHER, MOTHER), 34, 56),
    Template(0.040, (SPOUSE, SON, DAUGHTER, MOTHER), 34, 58),
    Template(0.040, (SPOUSE, SON, DAUGHTER_IN_LAW, GRANDSON), 50, 68),
    Template(0.020, (SPOUSE, SON, DAUGHTER, DAUGHTER), 34, 56),
    Template(0.030, (SPOUSE, SON, DAUGHTER_IN_LAW, GRANDSON, GRANDDAUGHTER), 50, 68),
    Template(0.020, (SPOUSE, SON, DAUGHTER, FATHER, MOTHER), 34, 52),
    Template(0.010, (SPOUSE, SON, DAUGHTER_IN_LAW, GRANDSON, GRANDDAUGHTER, MOTHER), 50, 62),
)
ALONE, COUPLE, COUPLE_WITH_TWO, COUPLE_WITH_MOTHER = 0, 1, 9, 7
THREE_GENERATIONS, LARGEST = 16, len(TEMPLATES) - 1

SCHOOL_AGES = dict(zip(range(3, 15), (2, 2, 2, *[3] * 6, 4, 5, 6), strict=True))
LABOUR_AGES, PENSION_AGE = (16, 60), 60
HEALTHY, CHRONIC, SERIOUS, DISABLED = 1, 2, 3, 4
ILLNESS, DISABILITY = 1, 2  # main causes that show in a person's health


@dataclass
class People:
    """Columns over the persons of a block, household by household, the head first."""

    household: Column
    order: Column
    relation: Column
    sex: Column
    age: Column
    born: Column
    """Date of birth as the number YYYYMMDD."""
    health: Column
    labour: Column
    education: Column
    in_school: Column
    work_place: Column
    work_months: Column
    ended: Column
    """Date on which the membership ended, YYYYMMDD; 0 for an active member."""
    end_reason: Column

    def counted(self, year: int) -> Column:
        """Who belongs to the household when the survey of `year` is recorded, in November."""
        still = (self.ended == 0) | (self.ended > year * 10000 + 1031)
        return (self.born <= year * 10000 + 1031) & still


def draw_templates(random: np.random.Generator, count: int) -> Column:
    """The kind of family of each household, as places in TEMPLATES."""
    shares = np.array([template.share for template in TEMPLATES])
    return random.choice(len(TEMPLATES), count, p=shares / shares.sum())


def draw_people(
    random: np.random.Generator, templates: Column, causes: Column, years: tuple[int, ...]
) -> People:
    """The persons of households with these templates and main causes."""
    sizes = np.array([len(template.relations) + 1 for template in TEMPLATES])[templates]
    household = np.repeat(np.arange(len(templates)), sizes)
    count = len(household)
    order = np.arange(count) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    relation = _relations(templates[household], order)
    sex = _sexes(random, relation, household, len(templates))
    age = _ages(random, templates, household, relation)
    born = _birth_dates(random, age, years[-1])
    health = _health(random, age, order, causes[household])
    labour = _labour(random, age, health)
    education, in_school = _schooling(random, age)
    working = (labour <= 2) & (in_school == 0) & (random.random(count) < 0.62)
    ended, reason = _ends(random, relation, age, order, sizes[household], years)
    return People(
        household, order, relation, sex, age, born, health, labour, education, in_school,
        work_place=np.where(working, random.choice([1, 2, 3, 4], count, p=[0.3, 0.2, 0.2, 0.3]), 0),
        work_months=np.where(working, random.integers(3, 12, count), -1),
        ended=ended,
        end_reason=reason,
    )  # fmt: skip


def _relations(templates: Column, order: Column) -> Column:
    longest = max(len(template.relations) for template in TEMPLATES) + 1
    table = np.zeros((len(TEMPLATES), longest), dtype=np.int64)
    for place, template in enumerate(TEMPLATES):
        table[place, : len(template.relations) + 1] = (HEAD, *template.relations)
    return table[templates, order]


def _sexes(random: np.random.Generator, relation: Column, household: Column, count: int) -> Column:
    heads = np.where(random.random(count) < 0.85, MALE, FEMALE)[household]
    sex = np.where(relation == SPOUSE, 3 - heads, heads)
    sex[np.isin(relation, MEN)] = MALE
    sex[np.isin(relation, WOMEN)] = FEMALE
    return sex


def _ages(
    random: np.random.Generator, templates: Column, household: Column, relation: Column
) -> Column:
    low = np.array([template.head_from for template in TEMPLATES])[templates]
    high = np.array([template.head_to for template in TEMPLATES])[templates]
    heads = random.integers(low, high + 1)[household]
    spans = np.zeros((max(YEARS_YOUNGER) + 1, 2), dtype=np.int64)
    for kin, span in YEARS_YOUNGER.items():
        spans[kin] = span
    younger = random.integers(spans[relation, 0], spans[relation, 1] + 1)
    age = heads - younger
    return np.where(age < 0, random.integers(0, 4, len(age)), np.minimum(age, 98))


def _birth_dates(random: np.random.Generator, age: Column, last_year: int) -> Column:
    """Days from January to September, so that the age holds when the survey is recorded."""
    month, day = random.integers(1, 10, len(age)), random.integers(1, 29, len(age))
    return (last_year - age) * 10000 + month * 100 + day


def _health(random: np.random.Generator, age: Column, order: Column, cause: Column) -> Column:
    luck = random.random(len(age)) - np.clip(age - 40, 0, 40) / 200
    health = np.select(
        [luck < 0.03, luck < 0.08, luck < 0.18], [SERIOUS, DISABLED, CHRONIC], HEALTHY
    )
    head = order == 0
    ill = head & (cause == ILLNESS) & np.isin(health, [HEALTHY, DISABLED])
    health[ill] = np.where(random.random(ill.sum()) < 0.4, SERIOUS, CHRONIC)
    health[head & (cause == DISABILITY)] = DISABLED
    return health


def _labour(random: np.random.Generator, age: Column, health: Column) -> Column:
    able = (age >= LABOUR_AGES[0]) & (age <= LABOUR_AGES[1])
    lost = able & (np.isin(health, [SERIOUS, DISABLED]) & (random.random(len(age)) < 0.7))
    old = (age > LABOUR_AGES[1]) & (age < 70) & (random.random(len(age)) < 0.4)
    labour = np.where(able, np.where(random.random(len(age)) < 0.04, 2, 1), 4)
    labour[old] = 5
    labour[lost] = 3
    return labour


def _schooling(random: np.random.Generator, age: Column) -> tuple[Column, Column]:
    """Education of those not at school, and the grade of those who are; 0 where it is blank."""
    grades = np.zeros(100, dtype=np.int64)
    for years, grade in SCHOOL_AGES.items():
        grades[years] = grade
    in_school = grades[age]
    luck = random.random(len(age))
    upper = (age >= 15) & (age <= 17)
    in_school = np.where(upper & (luck < 0.6), age - 8, in_school)
    in_school = np.where(upper & (luck >= 0.6) & (luck < 0.85), age - 5, in_school)
    in_school = np.where((age >= 18) & (age <= 21) & (luck < 0.3), 16, in_school)
    bounds = [luck < 0.1 + age / 400, luck < 0.66, luck < 0.93, luck < 0.985]
    level = np.select(bounds, [1, 2, 3, 4], 5)
    education = np.where(in_school > 0, 0, np.where(age < 3, 6, level))
    return education, in_school


def _ends(
    random: np.random.Generator,
    relation: Column,
    age: Column,
    order: Column,
    size: Column,
    years: tuple[int, ...],
) -> tuple[Column, Column]:
    """Memberships that ended in one of the years: old parents died, daughters married out."""
    old = np.isin(relation, [FATHER, MOTHER]) & (age >= 70)
    grown = (relation == DAUGHTER) & (age >= 27) & (age <= 34)
    moved = (relation == SON) & (age >= 24) & (order == size - 1)
    luck = random.random(len(age))
    ends = [old & (luck < 0.1), grown & (luck < 0.25), moved & (luck < 0.05)]
    reason = np.select(ends, [1, 2, 8], 0)
    when = random.integers(years[0], years[-1] + 1, len(age)) * 10000 + 100
    when += random.integers(0, 9, len(age)) * 100 + random.integers(1, 29, len(age))
    return np.where(reason > 0, when, 0), reason


def id_numbers(counties: Column, people: People, *, first: int) -> list[str]:
    """Valid 18-digit ID numbers of the counties, no two alike within one run.

    `first` is where this block's serials start; persons of one county, birthday and sex take the
    next serials, odd for men.
    """
    key = (counties * 10**8 + people.born) * 4 + people.sex
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    serial = 2 * (first + rank) + people.sex
    body = (counties * 10**8 + people.born) * 1000 + serial
    total = sum(body // 10 ** (16 - place) % 10 * weight for place, weight in enumerate(WEIGHTS))
    return [
        f"{number}{CHECK_DIGITS[rest]}"
        for number, rest in zip(body.tolist(), (total % 11).tolist(), strict=True)
    ]
