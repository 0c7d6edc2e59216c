from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.queries import codes_above
from divisions.scope import (
    NATION,
    EverywhereManager,
    Posted,
    ScopedManager,
    ScopedQuerySet,
    in_reach,
)
from officers.models import Officer
from teams.models.terms import Term
from teams.models.units import Cadre
from teams.rules.assessment import Assessor, Grade
from workflow.models import Case

GRADE_NAMES = {
    Grade.EXCELLENT: _("excellent"),
    Grade.COMPETENT: _("competent"),
    Grade.BASIC: _("basically competent"),
    Grade.INCOMPETENT: _("incompetent"),
}
ASSESSOR_NAMES = {
    Assessor.VILLAGE: _("village"),
    Assessor.TOWNSHIP: _("township"),
    Assessor.COUNTY: _("county"),
    Assessor.UNIT: _("sponsoring unit"),
}
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class TrainingQuerySet(ScopedQuerySet):
    def visible_to(self, officer: Posted) -> Self:
        """Courses held within the posting or at a place above it; none without a posting."""
        condition = in_reach("division_id", officer.reach)
        for code in officer.reach:
            condition |= Q(division_id__in=[NATION, *codes_above(code)])
        return self.filter(condition)


class Training(models.Model):
    """A course for cadres: what, where, on which days."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("held by")
    )
    title = models.CharField(_("title"), max_length=100)
    place = models.CharField(_("place"), max_length=100, blank=True, default="")
    starts_on = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(TrainingQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("starts_on")),
                name="a_training_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            )
        ]
        indexes = [models.Index(fields=["division", "-starts_on"], name="training_by_division")]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last_day - self.starts_on).days + 1


class TrainingRecord(models.Model):
    """That somebody took part in a course: how many days, and whether he passed."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="records")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="training")
    days = models.SmallIntegerField(_("days"), validators=[MinValueValidator(1)])
    passed = models.BooleanField(_("passed"), null=True, blank=True)

    class Meta:
        ordering = ["training_id", "cadre_id"]
        constraints = [
            models.UniqueConstraint(fields=["training", "cadre"], name="somebody_takes_part_once"),
            models.CheckConstraint(condition=Q(days__gt=0), name="training_takes_days"),
        ]

    def __str__(self) -> str:
        return f"{self.training_id} {self.cadre_id}"


class Assessment(models.Model):
    """What a case of the kind "assessment" is about: somebody's service in one year.

    `asked` villagers were asked, `satisfied` of them are satisfied; None until the poll is
    recorded. `grade` is set by the step that confirms it. `case.subject` is the cadre's number.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="assessment")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="assessments")
    term = models.ForeignKey(Term, models.PROTECT, related_name="assessments")
    year = models.SmallIntegerField(_("year"))
    asked = models.IntegerField(_("villagers asked"), null=True, blank=True)
    satisfied = models.IntegerField(_("satisfied villagers"), null=True, blank=True)
    polled_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.SmallIntegerField(
        _("grade"), null=True, blank=True, choices=[(g.value, n) for g, n in GRADE_NAMES.items()]
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    class Meta:
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "year"],
                condition=Q(grade__isnull=False),
                name="a_year_is_graded_once",
            ),
            models.CheckConstraint(
                condition=Q(asked=None, satisfied=None)
                | Q(asked__gt=0, satisfied__gte=0, satisfied__lte=F("asked")),
                name="no_more_are_satisfied_than_asked",
                violation_error_message=_("More villagers are satisfied than were asked."),
            ),
            models.CheckConstraint(
                condition=Q(grade=None, confirmed_on=None)
                | Q(grade__isnull=False, confirmed_on__isnull=False),
                name="a_grade_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.year}"


class Score(models.Model):
    """The points, 0 to 100, that one assessor gives. Nobody assesses himself."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores")
    assessor = models.CharField(_("assessor"), max_length=10, choices=[*ASSESSOR_NAMES.items()])
    points = models.SmallIntegerField(_("points"), validators=PERCENT)
    remark = models.CharField(_("remark"), max_length=200, blank=True, default="")
    given_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    assessed = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(_("given"), db_default=Now())

    class Meta:
        ordering = ["assessment_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "given_by"], name="an_assessor_gives_points_once"
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=100), name="points_are_0_to_100"
            ),
            models.CheckConstraint(
                condition=Q(assessed=None) | ~Q(assessed=F("given_by")),
                name="nobody_assesses_himself",
                violation_error_message=_("Nobody assesses himself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.assessor} {self.points}"
