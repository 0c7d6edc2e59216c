"""Keeping the change log: a new epoch after a restore, and what is too old for anybody."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from exchange.models import FeedEpoch, FeedMark
from exchange.queries.history import history
from exchange.queries.settled import settled_before
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record

AT_ONCE = 50_000
DROP = """
    DELETE FROM exchange_feed WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM exchange_feed WHERE xid < %s::xid8 LIMIT %s
    ))
"""


@transaction.atomic
def renew_epoch(*, reason: str, by: Officer) -> FeedEpoch:
    """Let every cursor be gone, so that all other systems begin anew.

    Raises NotAllowed for anybody but the operator; ValidationError without a reason.
    """
    require(by, Role.OPERATOR)
    if not reason.strip():
        raise ValidationError({"reason": _("Write the reason.")})
    epoch = FeedEpoch.objects.select_for_update().get()
    epoch.marker, epoch.renewed_at = uuid.uuid4(), Now()
    _forget_marks(epoch)
    record(
        by=by,
        action="renew_epoch",
        subject=epoch,
        after={"epoch": history().epoch},
        reason=reason.strip(),
    )
    return epoch


def prune_feed(*, before: datetime) -> int:
    """Drop what was settled before a moment; returns how many entries.

    Whoever stands further back is told so first, entries go part by part after that.
    """
    _mark()
    cut = _cut(before)
    dropped = 0
    with connection.cursor() as cursor:
        while cut is not None:
            cursor.execute(DROP, [str(cut), AT_ONCE])
            dropped += cursor.rowcount
            if cursor.rowcount < AT_ONCE:
                break
    return dropped


@transaction.atomic
def _mark() -> None:
    """Note how far the transactions are; what was noted in another database holds no more."""
    epoch = FeedEpoch.objects.select_for_update().get()
    if epoch.origin != history().origin:
        _forget_marks(epoch)
    FeedMark.objects.create(xid=settled_before())


@transaction.atomic
def _cut(before: datetime) -> int | None:
    """The transaction below which everything may go, known to all readers; None for none."""
    epoch = FeedEpoch.objects.select_for_update().get()
    mark = FeedMark.objects.filter(at__lt=before).order_by("-at").first()
    if mark is None:
        return None
    epoch.pruned_before = mark.xid
    epoch.save(update_fields=["pruned_before"])
    FeedMark.objects.filter(at__lt=mark.at).delete()
    return mark.xid


def _forget_marks(epoch: FeedEpoch) -> None:
    """Save the epoch as one of this database, of whose log nothing was dropped yet."""
    FeedMark.objects.all().delete()
    epoch.origin, epoch.pruned_before = history().origin, 0
    epoch.save()
