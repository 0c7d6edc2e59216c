import uuid
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models import Household
from officers.models import Officer
from teams.models.terms import DatedQuerySet, days_of
from teams.models.units import Cadre

VISIT_FIELD, TASK_FIELD, LOG_FIELD = "teams.visit.text", "teams.task.text", "teams.log.text"
TASK_RESULT_FIELD = "teams.task.result"


class Pairing(models.Model):
    """A helper and the household that he answers for, from when to when."""

    class EndReason(models.TextChoices):
        LEFT = "left", _("the helper left")
        REASSIGNED = "reassigned", _("given to another helper")
        HOUSEHOLD = "household", _("the household needs no helper any more")
        OTHER = "other", _("other reason")

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="pairings")
    household = models.ForeignKey(Household, models.PROTECT, related_name="pairings")
    village = models.ForeignKey(Division, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason of the end"), max_length=12, choices=EndReason, blank=True, default=""
    )
    paired_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(DatedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("starts_on")),
                name="a_pairing_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(last_day=None, end_reason="")
                | (Q(last_day__isnull=False) & ~Q(end_reason="")),
                name="a_pairing_ends_for_a_reason",
            ),
            ExclusionConstraint(
                name="one_helper_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (days_of("starts_on", "last_day"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The household has a helper in these days already."),
            ),
        ]
        indexes = [models.Index(fields=["village", "household"], name="pairing_by_village")]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.household_id} {self.starts_on}"


class Topic(models.TextChoices):
    """What a visit was about. Source: the diaries' purposes of a provincial system."""

    POLICY = "policy", _("explaining policy")
    INCOME = "income", _("income and accounts")
    INDUSTRY = "industry", _("industry and jobs")
    SCHOOLING = "schooling", pgettext_lazy("topic of a visit", "schooling")
    HEALTH = "health", _("health and care")
    HOUSING = "housing", _("housing and water")
    DISPUTE = "dispute", _("disputes and wishes")


class Met(models.TextChoices):
    """Whom the visitor met."""

    HOUSEHOLDER = "householder", _("householder")
    SPOUSE = "spouse", _("spouse")
    OTHER_MEMBER = "other_member", _("another member")
    NEIGHBOUR = "neighbour", _("neighbour or relative")
    NOBODY = "nobody", _("nobody at home")


def chosen(label: Any, choices: type[models.TextChoices]) -> ArrayField:
    """Some codes of a list, at least one."""
    return ArrayField(models.CharField(max_length=12, choices=choices), verbose_name=label)


class VisitQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Visits that nobody has taken back."""
        return self.filter(withdrawn_at=None)


class Visit(models.Model):
    """A visit to a household: when, by whom, who was met, what about. Its text is sealed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits", db_index=False)
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day of the visit"))
    visitor = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    met = chosen(_("who was met"), Met)
    topics = chosen(_("what it was about"), Topic)
    text_sealed = models.BinaryField(null=True)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(VisitQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.CheckConstraint(condition=Q(met__len__gt=0), name="a_visit_says_whom_it_met"),
            models.CheckConstraint(condition=Q(topics__len__gt=0), name="a_visit_has_a_topic"),
        ]
        indexes = [
            models.Index(
                fields=["household", "-day"],
                condition=Q(withdrawn_at=None),
                name="standing_visit_by_household",
            ),
            models.Index(
                fields=["village", "-day", "-id"],
                condition=Q(withdrawn_at=None),
                name="standing_visit_by_village",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.day}"


class LogEntry(models.Model):
    """A line of the work log that is about no single household: a meeting, a project, a road."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    writer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    topics = chosen(_("what it was about"), Topic)
    text_sealed = models.BinaryField()
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        indexes = [models.Index(fields=["village", "-day", "-id"], name="log_by_village")]

    def __str__(self) -> str:
        return f"{self.village_id} {self.day}"


class TaskQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Tasks that are neither done nor dropped."""
        return self.filter(closed_on=None)


class Task(models.Model):
    """A problem that somebody is to solve by a day: from a visit, or from the work in the village.

    It is closed as done or dropped, with what came of it; its texts are sealed.
    """

    class Result(models.TextChoices):
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    village = models.ForeignKey(Division, models.PROTECT, related_name="+")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="tasks")
    text_sealed = models.BinaryField()
    assignee = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("who does it")
    )
    due_on = models.DateField(_("to be done by"))
    opened_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    opened_on = models.DateField(_("opened"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=10, choices=Result, blank=True, default="")
    result_sealed = models.BinaryField(null=True)
    closed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.IntegerField(default=1)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(TaskQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None, result="", closed_by=None)
                | (Q(closed_on__isnull=False, closed_by__isnull=False) & ~Q(result="")),
                name="a_task_is_closed_whole",
            )
        ]
        indexes = [
            models.Index(
                fields=["village", "due_on"], condition=Q(closed_on=None), name="task_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.due_on}"
