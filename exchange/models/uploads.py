"""Large loads of another system: sent part by part, taken in by a worker."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from officers.models import Client, Officer


class UploadState(models.TextChoices):
    """Where an upload stands."""

    OPEN = "open", _("takes parts")
    WAITING = "waiting", _("is taken in")
    DONE = "done", _("taken in")
    FAILED = "failed", _("failed")


class UploadForm(models.TextChoices):
    """What the file is."""

    LINES = "ndjson", _("one JSON object a line, a household each")
    TABLE = "csv", _("the register template as CSV, a row for each person")


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, client: Officer) -> Self:
        """The uploads of a client: nobody else's are anybody's."""
        return self.filter(client_id=client.pk)


class Upload(models.Model):
    """A file of households that a client sends in parts.

    `sha256` is that of the whole file as it was sent; `lines_done` are the lines that are taken in,
    committed together with what they did. `fault` and `fault_params` say what stopped it, `unknown`
    are headings that were passed over. The figures of a table are those of `year`; the `pieces` of
    the report have `report_bytes`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("system"))
    prefix = models.CharField(_("key"), max_length=8)
    form = models.CharField(max_length=6, choices=UploadForm, default=UploadForm.LINES)
    year = models.SmallIntegerField(_("year"), null=True, blank=True)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    is_packed = models.BooleanField(_("packed with gzip"))
    state = models.CharField(
        _("state"), max_length=8, choices=UploadState, default=UploadState.OPEN
    )
    parts = models.IntegerField(_("parts"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    lines_done = models.IntegerField(_("lines taken in"), default=0)
    pieces = models.IntegerField(default=0)
    report_bytes = models.BigIntegerField(default=0)
    counts = models.JSONField(_("counts"), default=dict)
    fault = models.CharField(_("fault"), max_length=30, blank=True, default="")
    fault_params = models.JSONField(default=dict, blank=True)
    unknown = models.JSONField(default=list, blank=True)
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    worked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[UploadState.OPEN, UploadState.FAILED]) | ~Q(sha256=""),
                name="an_upload_is_whole_before_it_is_taken_in",
            ),
            models.CheckConstraint(
                condition=Q(state=UploadState.FAILED) & ~Q(fault="")
                | ~Q(state=UploadState.FAILED) & Q(fault=""),
                name="a_failed_upload_says_why",
            ),
            models.CheckConstraint(
                condition=Q(form=UploadForm.TABLE, year__isnull=False)
                | ~Q(form=UploadForm.TABLE) & Q(year=None),
                name="a_table_speaks_of_a_year",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "id"], name="upload_by_client"),
            models.Index(
                fields=["id"], name="upload_waiting", condition=Q(state=UploadState.WAITING)
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class UploadPart(models.Model):
    """One part of the file, numbered from 1; its content lies sealed beside the database."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="received")
    number = models.IntegerField()
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["upload_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="a_part_is_kept_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="parts_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"
