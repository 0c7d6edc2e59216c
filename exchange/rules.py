"""Which side a pushed value belongs to, and what becomes of it. Pure.

A county says for each group of fields who owns it: the register here, the system there, or both.
"""

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Whose word holds where record and push differ."""

    SHARED = "shared"
    HERE = "here"
    THERE = "there"


class Way(StrEnum):
    """How households come: in batches by day and night, or as the load of a whole file.

    A file alone may bring the states of earlier records along.
    """

    BATCH = "batch"
    UPLOAD = "upload"


class Packing(StrEnum):
    """How the file of an upload is packed."""

    NONE = "none"
    GZIP = "gzip"


class Withheld(StrEnum):
    """What becomes of a pushed value that belongs here."""

    QUEUE = "queue"
    REFUSE = "refuse"


class Group(StrEnum):
    """The groups of fields that have an owner each."""

    HOUSEHOLD = "household"
    CAUSES = "causes"
    MEMBERS = "members"
    IDENTITY = "identity"
    INCOMES = "incomes"
    LIVING = "living"


class Sort(StrEnum):
    """Whether a pushed value would replace one, or add a person or the facts of a new year.

    A RETURN takes an end back that the other system does not tell of: once the person is here
    again, nothing can put that end back.
    """

    CHANGE = "change"
    ADDITION = "addition"
    RETURN = "return"
    MOVE = "move"
    """To another village, which only a change of the household decides."""


class Fate(StrEnum):
    """What becomes of one pushed value that differs from the record."""

    APPLIED = "applied"
    OVERWRITES = "overwrites"
    QUEUED = "queued"
    REFUSED = "refused"
    KEPT = "kept"


class Sight(StrEnum):
    """What the other system had seen of the household when it pushed."""

    CURRENT = "current"
    BLIND = "blind"
    STALE = "stale"


@dataclass(frozen=True)
class Policy:
    """What a county says: the owner of each group, and what becomes of what belongs here."""

    owners: dict[Group, Owner]
    withheld: Withheld

    def owner(self, group: Group) -> Owner:
        """Of one group; shared where the county says nothing."""
        return self.owners.get(group, Owner.SHARED)


def sight(seen: int | None, version: int) -> Sight:
    """What was seen, from the version that the push names and the one on record."""
    if seen is None:
        return Sight.BLIND
    return Sight.CURRENT if seen == version else Sight.STALE


def fate(policy: Policy, group: Group, sort: Sort, seen: Sight, *, here: str) -> Fate:
    """What becomes of a value that differs.

    `here` names who changed the field here since this system last wrote the household; "" for
    nobody. What belongs there is written, but not over an officer's change that it had not seen
    without telling the county; what could not be taken back waits for it. What is shared is written
    when the record was seen as it stands; somebody or a year that is new replaces nothing, so that
    nothing need have been seen.
    """
    owner = policy.owner(group)
    if sort == Sort.MOVE and owner != Owner.HERE:
        return Fate.QUEUED
    if owner == Owner.THERE:
        is_unseen = bool(here) and seen != Sight.CURRENT
        if is_unseen and sort == Sort.RETURN:
            return Fate.QUEUED
        return Fate.OVERWRITES if is_unseen else Fate.APPLIED
    if owner == Owner.SHARED:
        is_free = sort == Sort.ADDITION and seen != Sight.STALE
        return Fate.APPLIED if seen == Sight.CURRENT or is_free else Fate.QUEUED
    return Fate.QUEUED if policy.withheld == Withheld.QUEUE else Fate.REFUSED


def fate_of_kept(became: Fate, seen: Sight) -> Fate:
    """What becomes of a value over which the county decided for its own, both being as they were.

    Whoever may write it and saw the record as it stands still does.
    """
    is_written = became == Fate.APPLIED and seen == Sight.CURRENT
    return became if is_written else Fate.KEPT
