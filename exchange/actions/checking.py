"""Holding the soft rules against what was pushed, part by part."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from exchange.models import Push
from households.actions.quality import recheck
from trail.transactions import retried

AT_ONCE = 200
OVERDUE = timedelta(seconds=60)


def check_push(push_id: int) -> int:
    """Check every household that a push wrote; returns how many issues stand.

    A part is checked and crossed off in one transaction, so that whoever is broken off, or comes
    second, goes on with the rest.
    """
    found = 0
    while (standing := _check_part(push_id)) is not None:
        found += standing
    return found


@retried
@transaction.atomic
def _check_part(push_id: int) -> int | None:
    """Check some households of one year; None when nothing is left, or another works on it."""
    waiting = Push.objects.exclude(unchecked={}).filter(pk=push_id)
    push = waiting.select_for_update(skip_locked=True).first()
    if push is None:
        return None
    year = min(push.unchecked)
    part, rest = push.unchecked[year][:AT_ONCE], push.unchecked[year][AT_ONCE:]
    standing = recheck(part, year=int(year))
    push.unchecked = {one: keys for one, keys in (push.unchecked | {year: rest}).items() if keys}
    push.save(update_fields=["unchecked"])
    return standing


def unchecked() -> list[int]:
    """The pushes that somebody should have checked for more than OVERDUE."""
    waiting = Push.objects.exclude(unchecked={}).filter(at__lt=Now() - OVERDUE)
    return list(waiting.order_by("pk").values_list("pk", flat=True))
