"""Which role reads what of a household. Scope says which rows; this says which columns.

Source: role matrix of the security note. A city or province role works with figures, not names;
administrators of accounts and machines see no household at all.
"""

from officers.models import Officer
from officers.rules import Role

FIELD_ROLES = frozenset(
    {
        Role.VILLAGE_OFFICIAL,
        Role.TEAM_MEMBER,
        Role.TOWNSHIP_REVIEWER,
        Role.COUNTY_CLERK,
        Role.COUNTY_APPROVER,
        Role.AUDITOR,
    }
)
HEALTH_READERS = FIELD_ROLES
FEWEST_COUNTED = 5
NAME_READERS = FIELD_ROLES | {Role.HELPER}
ID_READERS = FIELD_ROLES - {Role.TEAM_MEMBER}
PHONE_READERS = FIELD_ROLES
FREEZERS = (Role.COUNTY_APPROVER, Role.PROVINCE_APPROVER)
HOUSEHOLD_READERS = NAME_READERS | {
    Role.CITY_REVIEWER,
    Role.PROVINCE_OFFICER,
    Role.PROVINCE_APPROVER,
    Role.READER,
}


def reads_households(officer: Officer) -> bool:
    """Whether the acting role sees households at all."""
    return officer.acting_role in HOUSEHOLD_READERS


def reads_names(officer: Officer) -> bool:
    """Whether the acting role sees names; without it, the family name alone is shown."""
    return officer.acting_role in NAME_READERS


def reads_health(officer: Officer) -> bool:
    """Whether the acting role sees health, disability and labour capacity."""
    return officer.acting_role in HEALTH_READERS


def is_hidden_count(officer: Officer, count: int) -> bool:
    """Whether a count is so small that it would point at people the role may not name."""
    return 0 < count < FEWEST_COUNTED and not reads_names(officer)


def shown_count(officer: Officer, count: int) -> str:
    """A count of households or persons as text; "<5" where the role may not see so few."""
    return f"<{FEWEST_COUNTED}" if is_hidden_count(officer, count) else f"{count:,}"


def masked_name(name: str) -> str:
    """The first character of a name and two stars, for roles that work with figures."""
    return f"{name[:1]}**"
