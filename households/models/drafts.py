import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models.households import Household
from officers.models import Officer

CONTENT_FIELD = "households.draft.content"


class DraftQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Drafts that are neither submitted nor discarded."""
        return self.filter(submitted_at=None, discarded_at=None)


class Draft(models.Model):
    """What officers have typed of a household and not submitted yet, exactly as typed.

    `content_sealed` is the sealed JSON of `households.entry.content`: a draft holds ID numbers
    before anybody judged them. A draft with `household` brings that household's facts of `year`;
    one without registers a new household. `base_version` is the household's version that the draft
    started from: who submits over a newer one is told.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
        verbose_name=_("village"),
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    base_version = models.IntegerField(null=True, blank=True)
    year = models.SmallIntegerField(_("year"))
    householder = models.CharField(_("householder"), max_length=50, blank=True, default="")
    group = models.CharField(_("group"), max_length=50, blank=True, default="")
    content_sealed = models.BinaryField()
    version = models.IntegerField(default=1)
    opened_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    changed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("last saved"), db_default=Now())
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("discarded"), null=True, blank=True)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(DraftQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year"],
                condition=Q(submitted_at=None, discarded_at=None, household__isnull=False),
                name="a_household_has_one_open_draft_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(discarded_at=None),
                name="a_draft_ends_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "id"],
                name="open_draft_by_village",
                condition=Q(submitted_at=None, discarded_at=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)
