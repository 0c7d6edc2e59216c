import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer

CONTENT_FIELD = "workflow.attachment.content"
METADATA_FIELD = "workflow.attachment.metadata"
DRAFT, HOUSEHOLD, CASE, NOTICE = "draft", "household", "case", "notice"
VISIT, DELIVERY = "visit", "delivery"


class AttachmentQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Attachments that nobody has taken away."""
        return self.filter(removed_at=None)

    def of(self, kind: str, subject: str) -> Self:
        """What is attached to one subject, in the order of adding."""
        return self.standing().filter(subject_kind=kind, subject_id=subject).order_by("id")


class Attachment(models.Model):
    """A photo or PDF that proves something: made anew on arrival, sealed, outside the web root.

    `subject_kind` and `subject_id` say what it belongs to: a draft, visit or delivery by its uuid,
    a household by its number, a case or a notice by its key; `purpose` names the field or act that
    it proves ("housing", "consent", "posting"). The file lies below MEDIA_ROOT/evidence, sealed for
    this row; what the camera wrote beside the picture (time, place, device) is kept apart in
    `metadata_sealed` and leaves with no copy of the picture. `digest` is the sha256 of the file as
    it was uploaded, so that the same photo is known again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40, db_collation="C")
    purpose = models.CharField(_("what it shows"), max_length=40)
    year = models.SmallIntegerField(_("year"), null=True, blank=True)
    media_type = models.CharField(max_length=40)
    size = models.IntegerField(_("size in bytes"))
    width = models.IntegerField(_("width in pixels"), null=True, blank=True)
    height = models.IntegerField(_("height in pixels"), null=True, blank=True)
    digest = models.CharField(max_length=64)
    metadata_sealed = models.BinaryField(null=True)
    added_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), db_default=Now())
    removed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(AttachmentQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="an_attachment_is_not_empty"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="an_attachment_is_removed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="attachment_by_subject"),
            models.Index(fields=["digest"], name="attachment_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.purpose}"
