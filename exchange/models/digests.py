"""A digest of each household's document, kept beside the register for `sync/totals/`."""

from typing import Self

from django.db import models
from django.db.models import Q

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from exchange.models.feed import TransactionNumber


class HouseholdDigest(models.Model):
    """What a household adds to the totals of its place, as of `DigestMark`.

    `digest` is that of its document (`exchange.digests`) as a signed number; `persons` counts its
    active members. A household without a row does not stand.
    """

    household_id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=20, db_collation="C")
    village = models.ForeignKey(
        Division, models.PROTECT, db_column="village_code", related_name="+", db_index=False
    )
    state = models.SmallIntegerField()
    persons = models.SmallIntegerField()
    digest = models.BigIntegerField()

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        indexes = [
            models.Index(fields=["village", "household_id"], name="digest_by_village"),
        ]

    def __str__(self) -> str:
        return self.number


class DigestMark(models.Model):
    """How far the digests follow the change log. One row.

    They stand as after the log's entry (`xid`, `subject`). `epoch` names the log's epoch together
    with the definition of the digest: with another of either the register is walked over again.
    `walked` is the last household of that walk; None when it is through.
    """

    epoch = models.CharField(max_length=16, db_default="", db_collation="C")

    xid = TransactionNumber(db_default="0")
    subject = models.BigIntegerField(default=0)
    walked = models.BigIntegerField(null=True, default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_digest_mark")]

    def __str__(self) -> str:
        return f"{self.xid} {self.subject}"

    @classmethod
    def locked(cls) -> Self:
        """The mark, locked until the transaction ends."""
        return cls.objects.select_for_update().get(pk=1)

    @classmethod
    def free(cls) -> Self | None:
        """The same unless somebody else has it: then None, at once."""
        return cls.objects.select_for_update(skip_locked=True).filter(pk=1).first()
