"""Which role does what about the exits of places. Scope says in which. Source: role matrix."""

from officers.rules import Role
from teams.rights import READERS

PLACE_READERS = READERS - {Role.HELPER}
"""Who reads the lists of villages and counties, their records and indicators."""

VILLAGE_PROPOSERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK})
JUDGES = VILLAGE_PROPOSERS
"""Who says whether an indicator without a figure is met."""

VILLAGE_LISTERS = frozenset({Role.COUNTY_CLERK})
COUNTY_LISTERS = frozenset({Role.PROVINCE_OFFICER})
INDICATOR_KEEPERS = frozenset({Role.PROVINCE_OFFICER})
EVALUATORS = frozenset({Role.PROVINCE_OFFICER})
"""Who records the result of the special evaluation."""
