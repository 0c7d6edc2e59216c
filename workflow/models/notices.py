from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer
from workflow.models.cases import Case


class NoticeQuerySet(ScopedQuerySet):
    def running(self, on: date) -> Self:
        """Notices posted by `on` whose last day has not passed."""
        return self.filter(posted_on__lte=on, last_day__gte=on)


class NoticeManager(ScopedManager):
    def public(self, on: date) -> models.QuerySet:
        """What anybody may read on `on`: running notices with their standing lines.

        A line shows serial, group, householder and people, and nothing else.
        """
        columns = ("notice", "serial", "group", "householder", "people")
        standing = NoticeLine.objects.standing().only(*columns).order_by("serial")
        lines = models.Prefetch("lines", queryset=standing, to_attr="public_lines")
        return (
            Notice.everywhere.running(on)
            .filter(Exists(NoticeLine.objects.standing().filter(notice=OuterRef("pk"))))
            .select_related("division")
            .prefetch_related(lines)
            .order_by("division_id", "id")
        )


class Notice(models.Model):
    """A list posted in public: `days` full days counted from the day after `counted_from`.

    That is the day of posting, or of the last line that was added or corrected.
    """

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    kind = models.CharField(_("procedure"), max_length=20)
    step = models.CharField(_("step"), max_length=30)
    place = models.CharField(_("place of posting"), max_length=200)
    posted_on = models.DateField(_("posted on"))
    counted_from = models.DateField(_("counted from"))
    days = models.SmallIntegerField(_("days"))
    last_day = models.DateField(_("last day"))
    posted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    taken_down_on = models.DateField(_("taken down on"), null=True, blank=True)
    taken_down_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = NoticeManager()
    everywhere = EverywhereManager.from_queryset(NoticeQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="notice_lasts_a_day"),
            models.CheckConstraint(
                condition=Q(last_day=F("counted_from") + F("days")),
                name="notice_runs_its_days",
            ),
            models.CheckConstraint(
                condition=Q(counted_from__gte=F("posted_on")),
                name="notice_counts_from_its_posting",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_on=None, taken_down_by=None)
                | Q(taken_down_on__gte=F("posted_on"), taken_down_by__isnull=False),
                name="notice_is_taken_down_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["division", "last_day"], name="notice_by_division")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.posted_on}"

    def hung_on(self, day: date) -> bool:
        """Whether `day` is one of its days, that of posting included."""
        return self.posted_on <= day <= self.last_day


class NoticeLineQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Lines that nothing has removed or replaced."""
        return self.filter(removed_at=None)


class NoticeLine(models.Model):
    """One line of a notice: serial, group, householder and people, copied when it was posted.

    A correction removes the line and puts a new one under the same serial.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="notice_lines")
    serial = models.IntegerField(_("serial"))
    group = models.CharField(_("group"), max_length=50, blank=True, default="")
    householder = models.CharField(_("householder"), max_length=50)
    people = models.IntegerField(_("people"))
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeLineQuerySet.as_manager()

    class Meta:
        ordering = ["notice_id", "serial", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "serial"],
                condition=Q(removed_at=None),
                name="notice_line_has_one_serial",
            ),
            models.UniqueConstraint(
                fields=["notice", "case"],
                condition=Q(removed_at=None),
                name="case_stands_once_on_a_notice",
            ),
        ]
        indexes = [models.Index(fields=["case", "id"], name="notice_line_by_case")]

    def __str__(self) -> str:
        return f"{self.serial} {self.householder}"


class ObjectionQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Objections that nobody has resolved."""
        return self.filter(resolved_on=None)


class Objection(models.Model):
    """What somebody says against a line of a notice. An open one holds the case."""

    line = models.ForeignKey(NoticeLine, models.PROTECT, related_name="objections")
    received_on = models.DateField(_("received on"))
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    text = models.TextField(_("what is said"))
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+"
    )
    upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    finding = models.TextField(_("result of the inquiry"), blank=True, default="")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on=None, resolved_by=None, upheld=None)
                | Q(
                    resolved_on__isnull=False,
                    resolved_by__isnull=False,
                    upheld__isnull=False,
                ),
                name="objection_is_resolved_whole",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None) | ~Q(resolved_by=F("recorded_by")),
                name="nobody_resolves_his_own_objection",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.received_on}"
