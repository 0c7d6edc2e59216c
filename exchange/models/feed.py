"""The log of changes that other systems read, filled by the database itself (`exchange.triggers`).

A transaction that commits late must not be skipped, so the log is read in the order of the
transactions' numbers and only below the lowest one that still runs (decision 23).
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Kind(models.IntegerChoices):
    """What changed: each kind has documents of its own. Within a transaction they come so."""

    HOUSEHOLD = 1, _("household")
    CASE = 2, _("case")
    PLAN = 3, _("plan of help")
    TEAM = 4, _("team of a village")


class TransactionNumber(models.Field):
    """A transaction's number: 64 bits, without sign, never used again in a cluster (xid8)."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)


class FeedEntry(models.Model):
    """That a transaction changed one thing; once for each, however often it was changed there.

    `subject` is the row of the household, case or plan, and the village's code for a team. An entry
    with `left_division` says that the thing left that place, where others knew it as `left_key`: it
    moved, it is no more, or it has another key. Written by triggers alone, thinned out with time.
    """

    pk = models.CompositePrimaryKey("xid", "kind", "subject", "left_division")
    xid = TransactionNumber(db_default=Func(function="pg_current_xact_id"))
    kind = models.SmallIntegerField(choices=Kind)
    subject = models.BigIntegerField()
    left_division = models.CharField(max_length=12, db_default="", db_collation="C")
    left_key = models.CharField(max_length=36, db_default="", db_collation="C")

    class Meta:
        db_table = "exchange_feed"

    def __str__(self) -> str:
        return f"{self.xid} {self.kind}/{self.subject}"


class FeedEpoch(models.Model):
    """Which history the log tells. One row.

    A cursor holds within one epoch: the database as `origin` names it, and the marker, are the
    same. `pruned_before` is the transaction below which the log of that origin may have gaps.
    """

    marker = models.UUIDField(default=uuid.uuid4)
    origin = models.CharField(max_length=100, db_default="", db_collation="C")
    pruned_before = TransactionNumber(db_default="0")
    renewed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_epoch")]

    def __str__(self) -> str:
        return str(self.marker)


class FeedMark(models.Model):
    """The transaction below which all was decided at a moment; the log itself has no time."""

    at = models.DateTimeField(db_default=Now())
    xid = TransactionNumber()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.at} {self.xid}"
