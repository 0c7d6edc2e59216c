from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, Posted, ScopedManager, ScopedQuerySet, in_reach
from households.models import Standard
from officers.models import Officer


class ReviewState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished, not committed")
    COMMITTED = "committed", _("committed")
    CANCELLED = "cancelled", _("cancelled")


UNFINISHED = (ReviewState.PROPOSED, ReviewState.RUNNING)
DONE = (ReviewState.FINISHED, ReviewState.COMMITTED)
CODE_DIGITS = (2, 4, 6, 9)


def above(code: str) -> list[str]:
    """The codes of the divisions that contain `code`, itself and the nation left out."""
    return [code[:digits] for digits in CODE_DIGITS if digits < len(code)]


class ReviewQuerySet(ScopedQuerySet):
    def visible_to(self, officer: Posted) -> Self:
        """Reviews within the acting posting, and those of a division above that contain it.

        Of the latter an officer sees the proposals of his own posting alone, and none of a dry run
        under a draft: nobody below shall see who falls under a line that is still being decided.
        """
        containing = [code for own in officer.reach for code in above(own)]
        from_above = Q(root_id__in=containing, standard__published_at__isnull=False)
        return self.filter(in_reach("root_id", officer.reach) | from_above)

    def binding(self) -> Self:
        """Reviews that count: neither dry runs nor cancelled."""
        return self.filter(dry_run=False).exclude(state=ReviewState.CANCELLED)

    def overlapping(self, code: str, year: int) -> Self:
        """Binding reviews of the year whose scope shares a village with division `code`."""
        return self.binding().filter(
            in_reach("root_id", [code]) | Q(root_id__in=above(code)), year=year
        )

    def unfinished(self) -> Self:
        """Reviews with households still to be decided."""
        return self.filter(state__in=UNFINISHED)


class Review(models.Model):
    """The annual dynamic review of one year below one division, against one standard.

    It proposes and never changes a household. `facts_at` is the moment whose facts it reads;
    the hashes prove what went in and what came out.
    """

    year = models.SmallIntegerField(_("year"))
    root = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    standard = models.ForeignKey(
        Standard, models.PROTECT, related_name="+", verbose_name=_("standard")
    )
    dry_run = models.BooleanField(_("dry run"), default=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ReviewState.choices,
        default=ReviewState.PROPOSED,
    )
    proposed_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    committed_by = models.ForeignKey(
        Officer,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("committed by"),
    )
    created_at = models.DateTimeField(_("proposed"), db_default=Now())
    paused_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("paused by")
    )
    paused_at = models.DateTimeField(_("paused"), null=True)
    facts_at = models.DateTimeField(_("facts known at"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    committed_at = models.DateTimeField(_("committed"), null=True)
    refreshed_at = models.DateTimeField(_("refreshed"), null=True)
    input_hash = models.CharField(max_length=64, blank=True, default="")
    standard_hash = models.CharField(max_length=64)
    result_hash = models.CharField(max_length=64, blank=True, default="")
    totals = models.JSONField(default=dict)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ReviewQuerySet)()
    scope_column = "root_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["root", "year"],
                condition=Q(dry_run=False) & ~Q(state="cancelled"),
                name="one_review_of_a_division_and_year",
            ),
            models.CheckConstraint(
                condition=Q(committed_by=None, committed_at=None)
                | (
                    Q(committed_by__isnull=False, committed_at__isnull=False)
                    & ~Q(committed_by=F("proposed_by"))
                ),
                name="a_review_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(dry_run=False) | ~Q(state="committed"),
                name="a_dry_run_is_never_committed",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_by=None)
                | Q(paused_at__isnull=False, paused_by__isnull=False),
                name="a_pause_has_its_officer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.root_id}"


class ChunkState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")


class ReviewChunk(models.Model):
    """A contiguous range of villages, decided in one commit.

    Whoever works on it holds a lock on its row. The lease covers only the moment between claim and
    lock: an unlocked running chunk whose lease is over belongs to a dead worker. `deaths` counts
    the attempts that ended so, or at a limit of time, without naming a household at fault; after
    many the chunk is split, inside a village if need be. It holds the households from
    (`low`, `low_household`) up to, not including, (`high`, `high_household`), by village and id.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="chunks")
    seq = models.IntegerField()
    low = models.CharField(max_length=12, db_collation="C")
    high = models.CharField(max_length=12, db_collation="C")
    low_household = models.BigIntegerField(default=0, db_default=0)
    high_household = models.BigIntegerField(default=0, db_default=0)
    households = models.IntegerField()
    state = models.CharField(max_length=10, choices=ChunkState.choices, default=ChunkState.WAITING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    deaths = models.SmallIntegerField(default=0, db_default=0)
    error = models.TextField(blank=True, default="")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["review_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["review", "seq"], name="chunk_has_one_number")
        ]
        indexes = [
            models.Index(
                fields=["review", "state", "seq"],
                name="chunk_to_do",
                condition=~Q(state="done"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id}/{self.seq}"


class ReviewVillage(models.Model):
    """Totals and hashes of one village of a review: its proof does not depend on chunk borders.

    `by_kind` counts households by kind, `by_state` by "state.kind", `bands` by "state.band"
    (reviews.rules.band) where all incomes are known. They follow the proposals in force; the hashes
    are those of the first run. A village comes from a household row, so its foreign key is not
    checked again.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="villages")
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    households = models.IntegerField()
    persons = models.IntegerField()
    by_kind = models.JSONField(default=dict)
    by_state = models.JSONField(db_default={}, default=dict)
    bands = models.JSONField(db_default={}, default=dict)
    input_hash = models.CharField(max_length=64)
    result_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "village"], name="village_counts_once")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.village_id}"
