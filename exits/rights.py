"""Which role does what about the exits of places. Scope says in which. Source: role matrix."""

from divisions.models import Level
from officers.rules import Role
from teams.rights import BASE, READERS

PLACE_READERS = READERS - {Role.HELPER}
"""Who reads the lists of villages and counties, their records and indicators."""

COUNTY_READERS = PLACE_READERS - BASE - {Role.TOWNSHIP_REVIEWER}
"""Whose menu has the list of counties: whose posting can hold one."""

VILLAGE_PROPOSERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK})
JUDGES = VILLAGE_PROPOSERS
"""Who says whether an indicator without a figure is met."""

VILLAGE_LISTERS = frozenset({Role.COUNTY_CLERK})
COUNTY_LISTERS = frozenset({Role.PROVINCE_OFFICER})
INDICATOR_KEEPERS = frozenset({Role.PROVINCE_OFFICER})
INDICATOR_CONFIRMERS = frozenset({Role.PROVINCE_APPROVER})
"""Who writes what villages are judged by, and who lets it hold."""

EVALUATORS = frozenset({Role.PROVINCE_OFFICER})
"""Who records the result of the special evaluation."""

PLAN_PROPOSERS: dict[int, Role] = {
    Level.PROVINCE: Role.PROVINCE_OFFICER,
    Level.CITY: Role.CITY_REVIEWER,
    Level.COUNTY: Role.COUNTY_CLERK,
    Level.TOWNSHIP: Role.COUNTY_CLERK,
    Level.VILLAGE: Role.COUNTY_CLERK,
}
PLAN_APPROVERS = PLAN_PROPOSERS | {
    Level.PROVINCE: Role.PROVINCE_APPROVER,
    Level.COUNTY: Role.COUNTY_APPROVER,
    Level.TOWNSHIP: Role.COUNTY_APPROVER,
    Level.VILLAGE: Role.COUNTY_APPROVER,
}
"""Which office plans the exits of a place, and which one approves; in a city a second reviewer."""

HABIT_READERS = frozenset(
    {
        Role.COUNTY_APPROVER,
        Role.CITY_REVIEWER,
        Role.PROVINCE_OFFICER,
        Role.PROVINCE_APPROVER,
        Role.AUDITOR,
    }
)
"""Who reads how fast approvers decide."""
