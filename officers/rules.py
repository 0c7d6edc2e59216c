"""Which roles exist, who may decide, and which roles nobody may hold together. No Django here."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from ipaddress import ip_address, ip_network


class Role(StrEnum):
    VILLAGE_OFFICIAL = "village_official"
    TEAM_MEMBER = "team_member"
    HELPER = "helper"
    TOWNSHIP_REVIEWER = "township_reviewer"
    COUNTY_CLERK = "county_clerk"
    COUNTY_APPROVER = "county_approver"
    CITY_REVIEWER = "city_reviewer"
    PROVINCE_OFFICER = "province_officer"
    PROVINCE_APPROVER = "province_approver"
    READER = "reader"
    AUDITOR = "auditor"
    ACCOUNT_ADMIN = "account_admin"
    SYSTEM_ADMIN = "system_admin"
    MACHINE_CLIENT = "machine_client"
    OPERATOR = "operator"


class Scope(StrEnum):
    """What a key of a machine client opens, within the client's posting."""

    READ = "households:read"
    WRITE = "households:write"
    TEAMS = "teams:read"
    HELP_READ = "assistance:read"
    HELP_WRITE = "assistance:write"
    CASES = "cases:read"
    """Reviews with their proposals, and the cases of all procedures."""

    DECISIONS = "decisions:write"
    """Reporting decisions that another system took, where a parameter says that it decides."""

    IDENTITY = "identity"
    """ID numbers, dates of birth, phones and accounts in full; masked without it."""


CONSOLE_SCOPES = frozenset({Scope.IDENTITY, Scope.DECISIONS})
"""Scopes that only the operator hands out, by command."""

BASE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
DECIDERS = frozenset(
    {
        Role.TOWNSHIP_REVIEWER,
        Role.COUNTY_APPROVER,
        Role.CITY_REVIEWER,
        Role.PROVINCE_APPROVER,
    }
)
NOBODY_ELSE = frozenset({Role.AUDITOR, Role.OPERATOR, Role.MACHINE_CLIENT})
ADMINISTRATORS = frozenset({Role.ACCOUNT_ADMIN, Role.SYSTEM_ADMIN})
TWO_PERSON = frozenset(
    {Role.ACCOUNT_ADMIN, Role.AUDITOR, Role.COUNTY_APPROVER, Role.PROVINCE_APPROVER}
)
"""Roles of trust: one account administrator proposes the posting, another grants it."""

NEVER_ON_PAGES = frozenset({Role.SYSTEM_ADMIN, Role.OPERATOR, Role.MACHINE_CLIENT})
"""Roles that only the operator hands out, by command."""

COUNTY_DIGITS = 6

LEVELS: dict[Role, frozenset[int]] = {
    Role.VILLAGE_OFFICIAL: frozenset({5}),
    Role.TEAM_MEMBER: frozenset({5}),
    Role.HELPER: frozenset({5}),
    Role.TOWNSHIP_REVIEWER: frozenset({4}),
    Role.COUNTY_CLERK: frozenset({3}),
    Role.COUNTY_APPROVER: frozenset({3}),
    Role.CITY_REVIEWER: frozenset({2}),
    Role.PROVINCE_OFFICER: frozenset({1}),
    Role.PROVINCE_APPROVER: frozenset({1}),
    Role.READER: frozenset({0, 1, 2, 3, 4, 5}),
    Role.AUDITOR: frozenset({0, 1, 2, 3, 4, 5}),
    Role.ACCOUNT_ADMIN: frozenset({0, 1, 2, 3}),
    Role.SYSTEM_ADMIN: frozenset({0}),
    Role.MACHINE_CLIENT: frozenset({1, 2, 3}),
    Role.OPERATOR: frozenset({0}),
}
"""Division levels (0 nation … 5 village) at which a role can be posted."""


def roles_clash(one: Role, other: Role) -> bool:
    """Whether nobody may hold both roles in one county. Source: design, roles; invariant I6."""
    if one == other:
        return False
    pair = {one, other}
    return bool(
        pair & NOBODY_ELSE
        or pair == {Role.COUNTY_CLERK, Role.COUNTY_APPROVER}
        or pair == {Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER}
        or pair == {Role.TOWNSHIP_REVIEWER, Role.COUNTY_APPROVER}
        or (pair & DECIDERS and pair & BASE)
        or (
            pair & ADMINISTRATORS and pair & (DECIDERS | {Role.COUNTY_CLERK, Role.PROVINCE_OFFICER})
        )
        or pair == set(ADMINISTRATORS)
    )


def same_county(one: str, other: str) -> bool:
    """Whether two division codes lie in one county, or one contains the other's county."""
    if "0" in (one, other):
        return True
    digits = min(len(one), len(other), COUNTY_DIGITS)
    return one[:digits] == other[:digits]


def clashing_posting(
    role: Role, code: str, held: Iterable[tuple[Role, str]]
) -> tuple[Role, str] | None:
    """The first held (role, division code) that is incompatible with a new one, or None.

    An auditor, an operator and a machine client hold nothing else anywhere.
    """
    for other, where in held:
        exclusive = bool({role, other} & NOBODY_ELSE)
        if roles_clash(role, other) and (exclusive or same_county(code, where)):
            return other, where
    return None


def may_come_from(address: str, networks: Iterable[str]) -> bool:
    """Whether a network address lies in one of the networks ("10.1.0.0/16"); none allow all."""
    listed = [ip_network(one) for one in networks]
    if not listed:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in one for one in listed)


def key_digest(secret: str) -> str:
    """The digest under which the secret of a machine client's key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
