"""Which role does what about the exchange with other systems. Scope says where."""

from officers.rules import Role

HEALTH_READERS = frozenset(
    {Role.ACCOUNT_ADMIN, Role.COUNTY_CLERK, Role.COUNTY_APPROVER, Role.PROVINCE_OFFICER}
)
"""Who reads how the exchange with each system goes."""

DECIDERS = frozenset({Role.COUNTY_CLERK})
"""Who decides between theirs and ours."""

DECISION_READERS = frozenset({Role.COUNTY_CLERK, Role.COUNTY_APPROVER})
"""Who reads what other systems decided."""

CONNECTORS = frozenset({Role.ACCOUNT_ADMIN})
"""Who connects systems and keeps their keys."""
