from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models import Household
from officers.models import Officer
from workflow.models import Case


class Tracking(models.Model):
    """That an exited household is looked after until the end of its support: four no-removals.

    It begins with the approval of the exit and ends on `until`, or before by another case (a
    revocation, a re-inclusion). Who splits off is looked after as long, by the same exit.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="trackings")
    household = models.ForeignKey(Household, models.PROTECT, related_name="trackings")
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField(_("since"))
    until = models.DateField(_("until"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["until", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "household"], name="an_exit_is_tracked_once_in_a_household"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(ended_on=None),
                name="a_household_is_tracked_once",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("starts_on")), name="a_tracking_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None)
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="a_tracking_is_ended_by_a_case",
            ),
        ]
        indexes = [models.Index(fields=["village", "until"], name="tracking_by_village")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.starts_on}"


class Revocation(models.Model):
    """Which exit a case of the kind "revocation" is about."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="revocation")
    exit = models.ForeignKey(Case, models.PROTECT, related_name="revocations")

    def __str__(self) -> str:
        return f"{self.case_id} {self.exit_id}"


class ExitPlan(models.Model):
    """How many exits a place plans for a year. A new version replaces the old; two people sign it.

    `about` says of what: households (with their persons), villages or counties.
    """

    class About(models.TextChoices):
        HOUSEHOLDS = "households", _("households")
        VILLAGES = "villages", _("villages")
        COUNTIES = "counties", _("counties")

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", db_index=False, verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("year"))
    about = models.CharField(_("of what"), max_length=12, choices=About)
    version = models.SmallIntegerField(default=1)
    count = models.IntegerField(_("planned"))
    persons = models.IntegerField(_("planned persons"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    proposed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-year", "division_id", "about", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year", "about", "version"],
                name="an_exit_plan_has_its_version",
            ),
            models.CheckConstraint(condition=Q(count__gte=0), name="a_plan_is_not_negative"),
            models.CheckConstraint(
                condition=Q(persons=None) | Q(persons__gte=F("count")),
                name="a_household_has_a_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("proposed_by"))
                ),
                name="an_exit_plan_needs_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year} {self.about}"
