"""The words of the catalogue: categories, units, sectors, sources of funds, how often, how much.

The codes of the categories are those of the list "need" of the register, so that what a household
asks for and what it gets are counted alike. Source: domain reference §10.1, §11.1.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Category(StrEnum):
    INDUSTRY = "IND"
    CREDIT = "LOAN"
    EMPLOYMENT = "EMP"
    POST = "PUB"
    ECOLOGY = "ECO"
    RELOCATION = "REL"
    EDUCATION = "EDU"
    HEALTH = "HEA"
    HOUSING = "HOU"
    ALLOWANCE = "SOC"
    ASSET = "AST"
    COMMERCE = "COM"
    INFRASTRUCTURE = "INF"
    PAIRED = "PAI"
    OTHER = "OTH"


class Unit(StrEnum):
    """Whom a measure is for."""

    VILLAGE = "village"
    HOUSEHOLD = "household"
    PERSON = "person"


class Sector(StrEnum):
    """The department in charge."""

    AGRICULTURE = "agriculture"
    FINANCE = "finance"
    LABOUR = "labour"
    FORESTRY = "forestry"
    DEVELOPMENT = "development"
    EDUCATION = "education"
    HEALTH = "health"
    INSURANCE = "insurance"
    HOUSING = "housing"
    CIVIL_AFFAIRS = "civil_affairs"
    DISABLED = "disabled"
    TRANSPORT = "transport"
    WATER = "water"
    ENERGY = "energy"
    COMMERCE = "commerce"
    RELIEF = "relief"
    POVERTY_OFFICE = "poverty_office"


class Source(StrEnum):
    """Where the money of a measure comes from."""

    CENTRAL = "central"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    INTEGRATED = "integrated"
    SECTOR = "sector"
    EAST_WEST = "east_west"
    UNIT = "unit"
    SOCIAL = "social"
    BANK = "bank"
    VILLAGE = "village"
    OWN = "own"


class Repeats(StrEnum):
    """How often somebody can get a measure."""

    FREE = "free"
    YEARLY = "yearly"
    ONCE = "once"


class Per(StrEnum):
    """What an amount is counted by; a plan holds the sum of its year."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"
    MU = "mu"
    HEAD = "head"


class CapBasis(StrEnum):
    """Over what a cap is counted: one measure in one plan, a year of the household, all years.

    OWED counts what is still owed of loans, and what was agreed of one that is not drawn yet.
    """

    ITEM = "item"
    YEAR = "year"
    TOTAL = "total"
    OWED = "owed"


@dataclass(frozen=True)
class Terms:
    """What decides whether a measure of the catalogue can be agreed, as values.

    `group` names the measures that shut each other out; `conditions` are tests as data, read by
    `rules.eligibility`. `cap` is in yuan; None for no cap.
    """

    code: str
    category: Category
    unit: Unit
    order: int = 0
    conditions: tuple[dict, ...] = ()
    group: str = ""
    repeats: Repeats = Repeats.FREE
    cap: Decimal | None = None
    cap_basis: CapBasis = CapBasis.ITEM
    most_months: int | None = None
    confirmations: tuple[str, ...] = field(default_factory=tuple)
