"""Writing the trace. Called inside the transaction of the act that it records."""

import json
from collections.abc import Iterable
from typing import Any, Protocol

from django.db import connection, models, transaction

from trail.dates import business_date
from trail.models import Change, DemoClock


class Actor(Protocol):
    """Whoever acts: an officer under one posting."""

    pk: Any
    name: str

    @property
    def acting_role(self) -> str: ...

    @property
    def acting_division(self) -> str: ...


def change_of(
    *,
    by: Actor,
    action: str,
    subject: models.Model,
    division: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    origin: str = "",
) -> Change:
    """The trace row of one act, not yet saved; save many with `Change.objects.bulk_create`."""
    return Change(
        business_date=business_date(),
        actor_id=by.pk,
        actor_name=by.name,
        role=by.acting_role,
        posted_to=by.acting_division,
        action=action,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        division_code=division,
        before=before,
        after=after,
        reason=reason,
        origin=origin,
    )


def record(
    *,
    by: Actor,
    action: str,
    subject: models.Model,
    division: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    origin: str = "",
) -> Change:
    """Write one act into the trace."""
    change = change_of(
        by=by,
        action=action,
        subject=subject,
        division=division,
        before=before,
        after=after,
        reason=reason,
        origin=origin,
    )
    change.save(force_insert=True)
    return change


def record_many(changes: Iterable[Change]) -> None:
    """Write many acts at once; build each with `change_of`."""
    Change.objects.bulk_create(changes, batch_size=2000)


RECORD_SAME = """
    INSERT INTO trail_change (business_date, actor_id, actor_name, role, posted_to, action, reason,
        origin, subject_kind, subject_id, division_code, after)
    SELECT %s, %s, %s, %s, %s, %s, '', %s, %s, subject, division, after::jsonb
    FROM unnest(%s::text[], %s::text[], %s::text[]) AS acts (subject, division, after)
"""


def record_same(
    *,
    by: Actor,
    action: str,
    subjects: type[models.Model],
    acts: Iterable[tuple[Any, str, dict[str, Any]]],
    origin: str = "",
) -> None:
    """Write one act on each of many objects of one kind by one statement.

    `acts` are (key, division code, after) of each.
    """
    rows = [(str(key), division, json.dumps(after)) for key, division, after in acts]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    who = [business_date(), by.pk, by.name, by.acting_role, by.acting_division, action]
    with connection.cursor() as cursor:
        cursor.execute(RECORD_SAME, [*who, origin, subjects._meta.label_lower, *columns])


@transaction.atomic
def move_demo_date(*, by: Actor, days: int) -> DemoClock:
    """Let the demonstration run `days` ahead of the calendar (0: today)."""
    clock, _ = DemoClock.objects.select_for_update().get_or_create(pk=1)
    before = clock.days
    clock.days = days
    clock.full_clean()
    clock.save(update_fields=["days"])
    record(
        by=by,
        action="move_date",
        subject=clock,
        before={"days": before},
        after={"days": days},
    )
    return clock
