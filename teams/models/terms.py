from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer
from teams.models.units import Cadre, Unit
from teams.rules.terms import EndReason, Post, Span
from workflow.models import Case

HANDOVER_FIELD = "teams.handover.content"
POST_NAMES = {
    Post.FIRST_SECRETARY: _("first secretary"),
    Post.LEADER: _("team leader"),
    Post.MEMBER: _("team member"),
}
END_REASONS = {
    EndReason.TERM: _("end of the term"),
    EndReason.RECALL: _("recalled"),
    EndReason.PROMOTION: _("promoted"),
    EndReason.ILLNESS: _("illness"),
    EndReason.OTHER: _("other reason"),
}


def days_of(first: str, last: str) -> Func:
    """The days from one column to another as a range of PostgreSQL, both counted."""
    return Func(F(first), F(last), Value("[]"), function="daterange")


def in_force(on: date) -> Q:
    """The condition that a dated row with `starts_on` and `last_day` holds on a day."""
    return Q(starts_on__lte=on) & (Q(last_day=None) | Q(last_day__gte=on))


class DatedQuerySet(ScopedQuerySet):
    def in_force(self, on: date) -> Self:
        """Rows whose days contain `on`; the last day counts."""
        return self.filter(in_force(on))

    def meeting(self, first: date, last: date) -> Self:
        """Rows that share a day with those from `first` to `last`."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=first), starts_on__lte=last)


class NeedReason(models.TextChoices):
    POOR = "poor", _("registered poor village")
    WEAK = "weak", _("weak village organisation")
    RELOCATION = "relocation", _("community of relocated households")
    KEY = "key", _("key village of rural revitalisation")
    EXITED = "exited", _("exited village that keeps its team")


class TeamVillage(models.Model):
    """A village that must have a team, for which reason, and since when."""

    village = models.ForeignKey(Division, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=12, choices=NeedReason)
    starts_on = models.DateField(_("from"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True, default="")

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(DatedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("starts_on")),
                name="a_need_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="a_village_is_listed_once_at_a_time",
                expressions=[
                    ("village", RangeOperators.EQUAL),
                    (days_of("starts_on", "last_day"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The village is on the list in these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.reason}"


class Candidacy(models.Model):
    """What a case of the kind "dispatch" is about: who is to serve where, as what, how long.

    `case.subject` is the number of the cadre, so that nobody is proposed twice at a time.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="candidacy")
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="candidacies")
    village = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("village")
    )
    post = models.CharField(_("post"), max_length=20, choices=[*POST_NAMES.items()])
    starts_on = models.DateField(_("first day"))
    due_on = models.DateField(_("planned last day"))

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["village"], name="candidacy_by_village")]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("starts_on")),
                name="a_candidacy_ends_after_it_starts",
                violation_error_message=_("The planned last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.village_id} {self.post}"


class Term(models.Model):
    """Somebody's service in a village: as what, from which unit, from when to when.

    `due_on` is the day that was planned as the last; `last_day` the real one, known once the term
    has an end, which may still lie ahead. `replace_by` is the day until which somebody who failed
    must be replaced. `case` is the dispatch that it came by; none for a term that was imported.
    """

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="terms")
    village = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("village")
    )
    post = models.CharField(_("post"), max_length=20, choices=[*POST_NAMES.items()])
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    starts_on = models.DateField(_("first day"))
    due_on = models.DateField(_("planned last day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason of the end"),
        max_length=12,
        choices=[*END_REASONS.items()],
        blank=True,
        default="",
    )
    end_note = models.CharField(_("remark"), max_length=200, blank=True, default="")
    letter = models.CharField(_("dispatch letter"), max_length=100, blank=True, default="")
    replace_by = models.DateField(_("to be replaced by"), null=True, blank=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="term")
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
                name="a_term_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("starts_on")),
                name="a_term_is_planned_to_end_after_it_starts",
                violation_error_message=_("The planned last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(last_day=None, end_reason="")
                | (Q(last_day__isnull=False) & ~Q(end_reason="")),
                name="a_term_ends_for_a_reason",
            ),
            ExclusionConstraint(
                name="one_first_secretary_at_a_time",
                expressions=[
                    ("village", RangeOperators.EQUAL),
                    (days_of("starts_on", "last_day"), RangeOperators.OVERLAPS),
                ],
                condition=Q(post=Post.FIRST_SECRETARY),
                violation_error_message=_(
                    "The village has a first secretary in these days. End that term first."
                ),
            ),
            ExclusionConstraint(
                name="one_village_at_a_time",
                expressions=[
                    ("cadre", RangeOperators.EQUAL),
                    (days_of("starts_on", "last_day"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person serves in a village in these days already."),
            ),
        ]
        indexes = [
            models.Index(fields=["village", "starts_on"], name="term_by_village"),
            models.Index(fields=["due_on"], condition=Q(last_day=None), name="term_open_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.village_id} {self.starts_on}"

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.starts_on, self.last_day)


class Handover(models.Model):
    """What somebody hands on before he leaves: work, papers, open promises, to whom.

    `content_sealed` is the sealed text; households may be named in it.
    """

    term = models.OneToOneField(Term, models.PROTECT, related_name="handover")
    uuid = models.UUIDField(unique=True, editable=False)
    handed_on = models.DateField(_("day of the handover"))
    to = models.ForeignKey(
        Cadre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over to"),
    )
    content_sealed = models.BinaryField()
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.term_id} {self.handed_on}"


class Incentive(models.Model):
    """What somebody received for his service: a commendation, a promotion, an allowance."""

    class Kind(models.TextChoices):
        COMMENDATION = "commendation", _("commendation")
        PROMOTION = "promotion", _("promotion")
        ALLOWANCE = "allowance", _("allowance or insurance")
        OTHER = "other", _("other")

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="incentives")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    given_on = models.DateField(_("day"))
    text = models.CharField(_("what and by whom"), max_length=200)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-given_on", "-id"]

    def __str__(self) -> str:
        return f"{self.cadre_id} {self.kind} {self.given_on}"
