import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer
from teams.models.terms import Term
from teams.models.units import Cadre
from teams.rules.presence import AbsenceKind, Source, Status
from workflow.models import Case

POSITION_FIELD = "teams.presence.position"
ABSENCE_FIELD = "teams.absence.reason"
STATUS_NAMES = {
    Status.IN_VILLAGE: _("in the village"),
    Status.OFFICIAL: _("away on duty"),
    Status.LEAVE: _("on leave"),
    Status.ABSENT: _("absent without leave"),
}
SOURCE_NAMES = {
    Source.SELF: _("signed in"),
    Source.VILLAGE: _("recorded by the village"),
    Source.ABSENCE: _("approved absence"),
    Source.INSPECTION: _("found by an inspection"),
    Source.IMPORT: _("imported"),
}
ABSENCE_KINDS = {
    AbsenceKind.OFFICIAL: _("on duty: meeting, project, training"),
    AbsenceKind.ANNUAL: _("annual leave"),
    AbsenceKind.ILLNESS: _("illness"),
    AbsenceKind.PERSONAL: _("personal reasons"),
}


class Presence(models.Model):
    """What one day of somebody's service was. One row a day; who changed it stands in the trace.

    `position_sealed` is where he signed in, to about a kilometre, as he chose to tell; whereabouts
    are sensitive, so only he sees them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="days", db_index=False)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    status = models.CharField(_("what it was"), max_length=12, choices=[*STATUS_NAMES.items()])
    source = models.CharField(_("source"), max_length=12, choices=[*SOURCE_NAMES.items()])
    note = models.CharField(_("remark"), max_length=200, blank=True, default="")
    position_sealed = models.BinaryField(null=True)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(fields=["cadre", "day"], name="a_day_is_recorded_once"),
            models.CheckConstraint(
                condition=~Q(source=Source.SELF) | Q(status=Status.IN_VILLAGE),
                name="nobody_signs_in_elsewhere",
            ),
        ]
        indexes = [models.Index(fields=["village", "day"], name="presence_by_village")]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.day} {self.status}"


class PresenceMonth(models.Model):
    """How many rows of Presence somebody has in a month, by status; nobody writes it but a trigger.

    Ten million days of a province's year add up from half a million of these. `workdays` are those
    from Monday to Friday. Migration 0003 holds the trigger.
    """

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    in_village = models.SmallIntegerField()
    official = models.SmallIntegerField()
    leave = models.SmallIntegerField()
    absent = models.SmallIntegerField()
    workdays = models.SmallIntegerField()

    class Meta:
        ordering = ["cadre_id", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "month"],
                include=["in_village", "official", "leave", "absent", "workdays"],
                name="a_month_is_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.month:%Y-%m}"


class Absence(models.Model):
    """What a case of the kind "absence" is about: days away, why, and the reason in words, sealed.

    `case.subject` is the number of the cadre: one request at a time.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="absence")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="absences")
    kind = models.CharField(_("kind"), max_length=12, choices=[*ABSENCE_KINDS.items()])
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason_sealed = models.BinaryField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="an_absence_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.term_id} {self.kind} {self.first_day}"
