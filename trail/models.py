import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """One act on one object: who, as what, when, why, before and after. Append-only.

    The actor is kept by id and name, without a foreign key, so that the trace outlives accounts.
    `before` and `after` hold only the columns that changed; a created object is its own
    after-image. Sensitive values stand there sealed, never in clear.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"), db_default=models.functions.Now())
    business_date = models.DateField(_("business date"))
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.TextField(_("officer"))
    role = models.TextField(_("role"), blank=True, default="")
    posted_to = models.TextField(blank=True, default="", db_collation="C")
    action = models.TextField(_("act"))
    subject_kind = models.TextField()
    subject_id = models.TextField()
    division_code = models.TextField(blank=True, default="", db_collation="C")
    reason = models.TextField(_("reason"), blank=True, default="")
    origin = models.TextField(blank=True, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="change_by_subject"),
            models.Index(
                fields=["origin", "id"],
                name="change_by_origin",
                condition=~models.Q(origin=""),
            ),
            models.Index(fields=["actor_id", "id"], name="change_by_actor"),
            models.Index(
                fields=["subject_id", "id"],
                name="move_of_a_household",
                condition=models.Q(before__has_key="village_code"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"


class StoredAnswer(models.Model):
    """What the REST door answered to a change that named a key, so that a retry gets the same.

    The client is kept by its account's id, as the trace keeps actors. The body may hold what only
    `scopes` open to who is posted there; it is sealed. Rows are swept after
    `settings.API_ANSWER_DAYS`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    client_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20))
    posted_to = models.CharField(max_length=12)
    status = models.SmallIntegerField()
    headers = models.JSONField()
    body_sealed = models.BinaryField()
    at = models.DateTimeField(db_default=models.functions.Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client_id", "key"], name="a_key_of_a_client_is_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.status}"


class DemoClock(models.Model):
    """How far a visitor of the demonstration moved the business date. One row at most."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    days = models.IntegerField(_("days ahead"), default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="demo_clock_is_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.days:+d}"

    @classmethod
    def days_ahead(cls) -> int:
        """Days by which the demonstration runs ahead; 0 when nobody moved it."""
        return cls.objects.values_list("days", flat=True).first() or 0
