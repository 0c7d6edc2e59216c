"""Which role does what about teams. Scope says in which places. Source: role matrix."""

from officers.models import Officer
from officers.rules import Role
from teams.rules.assessment import Assessor

MANAGERS = frozenset({Role.COUNTY_CLERK})
"""Who keeps the roster: units, cadres, terms, pairings, courses."""

UNIT_KEEPERS = frozenset({Role.COUNTY_CLERK, Role.PROVINCE_OFFICER})
"""Who keeps the sponsoring units that are recorded at his own place."""

LINKERS = frozenset({Role.COUNTY_CLERK, Role.ACCOUNT_ADMIN})
"""Who says which account belongs to which cadre."""

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

TASK_ROLES = VISITORS | {Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK, Role.COUNTY_APPROVER}
"""Who can be given a task of a village."""

TASK_OPENERS = TASK_ROLES - {Role.HELPER}
TASK_KEEPERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK})
"""Who closes and moves the tasks of others."""

VISIT_LISTERS = FIELD | {Role.HELPER}
"""Who sees single visits; a helper only his own and those of his households."""

INSPECTORS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK, Role.COUNTY_APPROVER})
"""Who records an absence without leave that was found on the spot."""

DAY_KEEPERS = frozenset({Role.VILLAGE_OFFICIAL})
"""Who keeps the attendance of a team on days on which somebody did not sign in."""

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

CASE_READERS = READERS - {Role.HELPER, Role.READER}
"""Who follows a dispatch while it is under way."""

LIST_TAKERS = CASE_READERS - BASE
"""Who takes lists of people away as a file: the offices from the township upwards."""


def reads_roster(officer: Officer) -> bool:
    """Whether the acting role sees who serves where."""
    return officer.acting_role in READERS


def reads_days(officer: Officer) -> bool:
    """Whether the acting role sees single days and words, not only totals."""
    return officer.acting_role in FIELD


def takes_lists(officer: Officer) -> bool:
    """Whether the acting role takes lists of people away as a file."""
    return officer.acting_role in LIST_TAKERS


def manages(officer: Officer) -> bool:
    """Whether the acting role keeps the roster."""
    return officer.acting_role in MANAGERS


TRAINERS = frozenset({Role.COUNTY_CLERK, Role.CITY_REVIEWER, Role.PROVINCE_OFFICER})
"""Who records courses, each for the places of his posting."""

OVERSEERS = frozenset({Role.CITY_REVIEWER, Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER})
ASSESSORS = frozenset(
    {
        Role.VILLAGE_OFFICIAL,
        Role.TOWNSHIP_REVIEWER,
        Role.COUNTY_CLERK,
        Role.COUNTY_APPROVER,
    }
)
"""Who gives points in a yearly assessment."""

SIDES: dict[str, tuple[Assessor, ...]] = {
    Role.VILLAGE_OFFICIAL: (Assessor.VILLAGE,),
    Role.TOWNSHIP_REVIEWER: (Assessor.TOWNSHIP,),
    Role.COUNTY_CLERK: (Assessor.COUNTY, Assessor.UNIT),
    Role.COUNTY_APPROVER: (Assessor.COUNTY,),
}
"""For which side each role gives points; the clerk records those of the unit from its letter."""

ASSESSMENT_READERS = ASSESSORS | {Role.AUDITOR}
"""Who reads the assessments of others by name; whoever is assessed reads his own once it stands."""


def trains(officer: Officer) -> bool:
    """Whether the acting role records courses and who took part."""
    return officer.acting_role in TRAINERS


def reads_training(officer: Officer) -> bool:
    """Whether the acting role sees courses and their totals."""
    return officer.acting_role in FIELD | OVERSEERS


def reads_assessments(officer: Officer) -> bool:
    """Whether the acting role sees what others got in their assessments."""
    return officer.acting_role in ASSESSMENT_READERS


def reads_grades(officer: Officer) -> bool:
    """Whether the acting role sees how many got which grade."""
    return officer.acting_role in ASSESSMENT_READERS | OVERSEERS
