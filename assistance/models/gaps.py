import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.models.catalogue import choices
from assistance.models.plans import Item
from assistance.rules.gaps import GapKind, Resolution
from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households import codes
from households.models import Household, Member
from officers.models import Officer

WORDS_FIELD = "assistance.gapresolution.words"
GAP_KIND_NAMES: dict[str, Promise] = {
    GapKind.MISSING: pgettext_lazy("gap", "due and not given"),
    GapKind.NOT_ENTITLED: pgettext_lazy("gap", "given and not due"),
    GapKind.DOUBLE: pgettext_lazy("gap", "given twice"),
    GapKind.DECEASED: pgettext_lazy("gap", "given to somebody who died or left"),
}
RESOLUTION_NAMES: dict[str, Promise] = {
    Resolution.EXPLAINED: pgettext_lazy("gap", "explained"),
    Resolution.PROMISED: pgettext_lazy("gap", "will be helped"),
    Resolution.MENDED: pgettext_lazy("gap", "mended"),
}


class RunState(models.TextChoices):
    """Where a search stands."""

    RUNNING = "running", pgettext_lazy("search", "under way")
    FINISHED = "finished", pgettext_lazy("search", "finished")
    STOPPED = "stopped", pgettext_lazy("search", "stopped")


class GapRun(models.Model):
    """One search of a place for policy gaps in a year, judged on the facts of one day.

    `totals` counts what was found by rule. `rules_hash` names the rules that judged,
    `result_hash` what they found: the same facts give the same, wherever the chunks are cut.
    """

    root = models.ForeignKey(
        Division, models.PROTECT, related_name="+", db_index=False, verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("year"))
    as_of = models.DateField(_("judged on the facts of"))
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.RUNNING)
    asked_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", db_index=False, verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)
    totals = models.JSONField(default=dict)
    rules_hash = models.CharField(max_length=64)
    result_hash = models.CharField(max_length=64, blank=True, default="")

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "root_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["root", "year"],
                condition=Q(state="running"),
                name="one_search_of_a_place_and_year",
            ),
            models.CheckConstraint(
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="a_search_ends_once",
            ),
        ]
        indexes = [models.Index(fields=["root", "-id"], name="gap_run_by_root")]

    def __str__(self) -> str:
        return f"{self.root_id} {self.year}"


class GapChunkState(models.TextChoices):
    """Where a part of a search stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")


class GapChunk(models.Model):
    """A contiguous range of villages from `low` up to, not including, `high`: judged in one commit.

    Whoever works on it holds a lock on its row; the lease covers the moment between claim and lock.
    An unlocked chunk that is running and whose lease is over belongs to a dead worker.
    """

    run = models.ForeignKey(GapRun, models.PROTECT, related_name="chunks", db_index=False)
    low = models.CharField(max_length=12, db_collation="C")
    high = models.CharField(max_length=12, db_collation="C")
    households = models.IntegerField()
    state = models.CharField(max_length=10, choices=GapChunkState, default=GapChunkState.WAITING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    found = models.JSONField(default=dict)
    result_hash = models.CharField(max_length=64, blank=True, default="")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["run_id", "low"]
        constraints = [
            models.UniqueConstraint(fields=["run", "low"], name="a_gap_chunk_has_one_place")
        ]
        indexes = [
            models.Index(fields=["run", "low"], name="gap_chunk_to_do", condition=~Q(state="done"))
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.low}"


class GapQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Gaps that the last search of their place found."""
        return self.filter(gone_run=None)

    def unresolved(self) -> Self:
        """Standing gaps of which nobody said anything yet."""
        return self.standing().filter(resolution="")


class Gap(models.Model):
    """Something that a household, or a member of it, lacks or should not have in a year.

    `item` is the measure that is wrong; a gap that misses one has none. `facts` are what the rule
    rests on, by name: whole numbers of `rules.facts` and of the rules' own, no names of people.
    `resolution` and `due_on` repeat the latest of its resolutions. It is gone when a later search
    of its place did not find it any more, and stands again when another one does. The rows that it
    names are none that is ever deleted, and it comes from them in one transaction: the database
    does not check a million references again.
    """

    year = models.SmallIntegerField(_("year"))
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("village"),
    )
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="gaps", db_index=False, db_constraint=False
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    rule = models.CharField(_("rule"), max_length=30, db_collation="C")
    kind = models.CharField(_("kind"), max_length=14, choices=choices(GAP_KIND_NAMES))
    category = models.CharField(
        _("category"), max_length=4, blank=True, default="", choices=codes.choices("need")
    )
    code = models.CharField(_("code"), max_length=20, blank=True, default="", db_collation="C")
    facts = models.JSONField(default=dict)
    first_run = models.ForeignKey(
        GapRun, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    last_run = models.ForeignKey(
        GapRun, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    gone_run = models.ForeignKey(
        GapRun, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    resolution = models.CharField(
        _("resolution"),
        max_length=10,
        blank=True,
        default="",
        db_default="",
        choices=choices(RESOLUTION_NAMES),
    )
    due_on = models.DateField(_("helped by"), null=True)
    version = models.IntegerField(default=1, db_default=1)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(GapQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["village_id", "household_id", "rule", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year", "rule", "member", "item"],
                nulls_distinct=False,
                name="a_gap_is_named_once",
            ),
            models.CheckConstraint(
                condition=Q(resolution="promised", due_on__isnull=False)
                | ~Q(resolution="promised") & Q(due_on=None),
                name="a_promise_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "year", "household", "id"], name="gap_by_village"),
            models.Index(
                fields=["village", "year", "rule"],
                include=["resolution"],
                condition=Q(gone_run=None),
                name="standing_gap_by_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.year} {self.rule}"


class GapResolution(models.Model):
    """What somebody made of a gap, in his words (sealed). Append-only; the latest holds."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gap = models.ForeignKey(Gap, models.PROTECT, related_name="resolutions")
    kind = models.CharField(_("resolution"), max_length=10, choices=choices(RESOLUTION_NAMES))
    due_on = models.DateField(_("helped by"), null=True)
    words_sealed = models.BinaryField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("day"))
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["gap_id", "id"]

    def __str__(self) -> str:
        return f"{self.gap_id} {self.kind}"
