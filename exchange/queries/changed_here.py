"""Who changed what of households here since another system last wrote them."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection

from exchange.comparing import Difference
from exchange.meanings import END, HOUSEHOLD, JOIN, MEMBER, RETURN, SURVEY
from exchange.records import Record
from households.models import Household, Member
from officers.rules import Role

CHANGES = """
    SELECT change.id, subject_kind, subject_id::bigint, actor_id = %(client)s, role, actor_name,
        ARRAY(SELECT jsonb_object_keys(coalesce(before, after, '{}'))), after ->> 'survey',
        before IS NULL
    FROM trail_change change
    WHERE (subject_kind = %(household)s AND subject_id = ANY(%(households)s))
        OR (subject_kind = %(member)s AND subject_id = ANY(%(members)s))
    ORDER BY change.id
"""
EVERYTHING = "*"
COLUMNS = {END: "member_end_reason", RETURN: "member_end_reason"}
"""The column of the trace where it is not called like the field."""


HOUSEHOLDS = Household._meta.label_lower


class _Act(NamedTuple):
    """A row of the trace."""

    id: int
    kind: str
    subject: int
    is_own: bool
    role: str
    name: str
    keys: list[str]
    year: str | None
    is_new: bool

    @property
    def is_end(self) -> bool:
        """Whether a membership ended by it, which stays unseen until the system tells that end."""
        return not self.is_new and COLUMNS[END] in self.keys


class ChangedHere:
    """The fields that people changed since the client's own last change of their household."""

    def __init__(self) -> None:
        self.names: dict[tuple[Any, ...], str] = {}

    def by(self, record: Record, one: Difference) -> str:
        """The name of who changed the field last; "" for nobody."""
        if one.kind == SURVEY:
            return self.names.get((record.key, SURVEY, one.year), "")
        if one.kind == MEMBER:
            if one.name == JOIN:
                return ""
            name = COLUMNS.get(one.name, one.name)
            return self._of(record, MEMBER, one.member, name)
        return self._of(record, HOUSEHOLD, one.name)

    def _of(self, record: Record, *place: Any) -> str:
        everything = self.names.get((record.key, EVERYTHING), "")
        return self.names.get((record.key, *place), everything)


def changed_here(records: Collection[Record], *, client: int) -> ChangedHere:
    """What people changed of these households since the account `client` last wrote them."""
    found = ChangedHere()
    homes = {member.key: one.key for one in records for member in one.members}
    asked: dict[str, Any] = {
        "client": client,
        "household": HOUSEHOLDS,
        "member": Member._meta.label_lower,
        "households": [str(one.key) for one in records],
        "members": [str(key) for key in homes],
    }
    own: dict[int, list[_Act]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, asked)
        for act in map(_Act._make, cursor.fetchall()):
            own[act.subject if act.kind == HOUSEHOLDS else homes[act.subject]].append(act)
    for household, acts in own.items():
        last = max((act.id for act in acts if act.is_own), default=0)
        for act in acts:
            if act.role != Role.MACHINE_CLIENT and (act.id > last or act.is_end):
                _note(found, household, act)
    return found


def _note(found: ChangedHere, household: int, act: _Act) -> None:
    if act.year is not None:
        found.names[household, SURVEY, int(act.year)] = act.name
    if act.is_new and act.kind == HOUSEHOLDS:
        found.names[household, EVERYTHING] = act.name
    for key in act.keys:
        place = (HOUSEHOLD, key) if act.kind == HOUSEHOLDS else (MEMBER, act.subject, key)
        found.names[household, *place] = act.name
