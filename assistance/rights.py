"""Which role does what about help. Scope says in which places. Source: role matrix."""

from assistance.procedure import PLANNERS
from officers.rules import Role
from teams.rights import FIELD, READERS

CATALOGUE_KEEPERS = frozenset({Role.COUNTY_CLERK, Role.PROVINCE_OFFICER})
"""Who writes new versions of measures, at the county or the province of his posting."""

PLAN_READERS = FIELD | {Role.HELPER}
"""Who reads single plans, measures and deliveries; a helper only those of his own households."""

TOTAL_READERS = READERS
"""Who reads the catalogue and figures without names."""

DELIVERERS = PLANNERS | {Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK}
"""Who records what was delivered; a helper only for his own households."""

SENDERS = DELIVERERS | {Role.MACHINE_CLIENT}
"""The same, and other systems, which send deliveries and nothing else."""

IMPORTERS = CATALOGUE_KEEPERS
"""Who imports and takes away measures of households, within his posting."""

GAP_SEEKERS = frozenset({Role.COUNTY_CLERK, Role.PROVINCE_OFFICER})
"""Who lets a place be searched for help that is due and not given, and for the opposite."""

GAP_EXPLAINERS = frozenset(
    {Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER, Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK}
)
"""Who explains what such a search found."""

VILLAGE_KEEPERS = DELIVERERS - {Role.HELPER}
"""Who says which households a measure of the village serves, and shares out its income."""

EVALUATORS = PLANNERS | {Role.TOWNSHIP_REVIEWER}
"""Who evaluates a plan at the end of its year; a helper only those of his own households."""
