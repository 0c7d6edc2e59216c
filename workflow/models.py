from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer
from officers.rules import Role
from workflow.machine import Machine


class CaseQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Cases that no final step has closed."""
        return self.filter(closed_at=None)

    def waiting_for(self, role: str, machines: Iterable[Machine]) -> Self:
        """Open cases of these machines that somebody in `role` is to move on; none without role."""
        waiting = Q(pk__in=[])
        for machine in machines if role else ():
            states = machine.waiting_states([Role(role)])
            waiting |= Q(kind=machine.kind, state__in=states)
        return self.open().filter(waiting)

    def about(self, kind: str, subject: str) -> Self:
        """Cases of one kind about one subject (household number or division code)."""
        return self.filter(kind=kind, subject=subject)


class Case(models.Model):
    """One procedure under way for one subject. It changes state by `take_step` alone.

    `facts` is the evidence snapshot that every step so far rests on, `facts_hash` its sha256;
    `version` counts the changes of state and facts.
    """

    kind = models.CharField(_("procedure"), max_length=20)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    subject = models.CharField(_("subject"), max_length=20, db_collation="C")
    state = models.CharField(_("state"), max_length=30)
    version = models.IntegerField(default=1)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    facts_hash = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    opened_on = models.DateField(_("opened on"))
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    entered_state_on = models.DateField(_("since"))

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(CaseQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(closed_at=None),
                name="one_open_case_of_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["division", "id"], name="case_by_division"),
            models.Index(
                fields=["kind", "state", "division", "id"],
                condition=Q(closed_at=None),
                name="case_waiting",
            ),
            models.Index(fields=["subject", "id"], name="case_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class CaseEvent(models.Model):
    """One step, opening or amendment of a case. Append-only, numbered without a gap.

    `seq` is the version that the case reached by it. `facts` is kept where they changed and where
    an officer decided on them; `facts_hash` always.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.IntegerField()
    step = models.CharField(_("step"), max_length=30)
    from_state = models.CharField(max_length=30, blank=True, default="")
    to_state = models.CharField(max_length=30)
    actor_id = models.BigIntegerField()
    actor_name = models.TextField(_("officer"))
    role = models.TextField(_("role"))
    posted_to = models.TextField(db_collation="C")
    on = models.DateField(_("date"))
    at = models.DateTimeField(db_default=Now())
    note = models.TextField(_("note"), blank=True, default="")
    evidence = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    facts = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    facts_hash = models.CharField(max_length=64)
    decides = models.BooleanField(_("decision"), default=False)

    class Meta:
        ordering = ["case_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="case_event_has_one_number")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.step}"


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
        ]
        indexes = [models.Index(fields=["division", "last_day"], name="notice_by_division")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.posted_on}"


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
    people = models.SmallIntegerField(_("people"))
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


class PolicyParameter(models.Model):
    """A number or list that differs by place and year. A new value is a new version.

    The nearest division that speaks wins (county, city, province, nation); there, the latest year
    not after the asked one; there, the highest version.
    """

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("from year"))
    key = models.CharField(_("parameter"), max_length=60)
    version = models.SmallIntegerField(default=1)
    value = models.JSONField(_("value"))
    source = models.CharField(_("source"), max_length=200)
    set_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "key", "year", "version"],
                name="parameter_version_is_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.division_id} {self.year}"
