"""Which role does what about teams. Scope says in which places. Source: role matrix."""

from officers.models import Officer
from officers.rules import Role

MANAGERS = frozenset({Role.COUNTY_CLERK})
"""Who keeps the roster: units, cadres, terms, pairings, courses."""

PROPOSERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK})
BASE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
VISITORS = BASE | {Role.HELPER}
FIELD = BASE | {
    Role.TOWNSHIP_REVIEWER,
    Role.COUNTY_CLERK,
    Role.COUNTY_APPROVER,
    Role.AUDITOR,
}
"""Who sees phones, single days and the words of a handover, within the posting."""

INSPECTORS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK, Role.COUNTY_APPROVER})
"""Who records an absence without leave that was found on the spot."""

READERS = (
    FIELD
    | {Role.HELPER}
    | {
        Role.CITY_REVIEWER,
        Role.PROVINCE_OFFICER,
        Role.PROVINCE_APPROVER,
        Role.READER,
    }
)
"""Who reads the roster: names, units and terms of cadres are public to every office."""


def reads_roster(officer: Officer) -> bool:
    """Whether the acting role sees who serves where."""
    return officer.acting_role in READERS


def reads_days(officer: Officer) -> bool:
    """Whether the acting role sees single days and words, not only totals."""
    return officer.acting_role in FIELD


def manages(officer: Officer) -> bool:
    """Whether the acting role keeps the roster."""
    return officer.acting_role in MANAGERS
