import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.models.catalogue import UNIT_NAMES, Measure, choices
from assistance.procedure import SIGNING_WAYS
from assistance.rules.measures import Source, Unit
from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households import codes
from households.models import Household, Member
from officers.models import Officer
from teams.models import Cadre
from workflow.models import Case

GOAL_FIELD = "assistance.plan.goal"
EVALUATION_FIELD = "assistance.plan.evaluation"
SOURCE_NAMES: dict[str, Promise] = {
    Source.CENTRAL: _("central special fund"),
    Source.PROVINCE: _("provincial special fund"),
    Source.CITY: _("city special fund"),
    Source.COUNTY: _("county special fund"),
    Source.INTEGRATED: _("integrated agricultural funds"),
    Source.SECTOR: _("funds of the department in charge"),
    Source.EAST_WEST: _("east-west cooperation"),
    Source.UNIT: _("sponsoring unit"),
    Source.SOCIAL: _("donations"),
    Source.BANK: _("bank"),
    Source.VILLAGE: _("village collective"),
    Source.OWN: _("the household itself"),
}


class ItemStatus(models.TextChoices):
    """Where a measure of a plan stands. Agreed and begun ones are live."""

    DRAFT = "draft", pgettext_lazy("measure", "not agreed yet")
    AGREED = "agreed", pgettext_lazy("measure", "agreed, not begun")
    ONGOING = "ongoing", pgettext_lazy("measure", "under way")
    DONE = "done", pgettext_lazy("measure", "done")
    STOPPED = "stopped", pgettext_lazy("measure", "stopped")
    DROPPED = "dropped", pgettext_lazy("measure", "taken out of the draft")


LIVE = (ItemStatus.AGREED, ItemStatus.ONGOING)
HELPED = (ItemStatus.ONGOING, ItemStatus.DONE)


class Origin(models.TextChoices):
    """How a measure came into a plan."""

    RECOMMENDED = "recommended", _("recommended")
    ADDED = "added", _("added by hand")
    CARRIED = "carried", _("carried on from the year before")
    IMPORTED = "imported", _("imported")


class StopReason(models.TextChoices):
    """Why a measure ended before it was done."""

    NOT_NEEDED = "not_needed", _("not needed any more")
    DECLINED = "declined", _("the household declined")
    NOT_ENTITLED = "not_entitled", _("not entitled")
    FAILED = "failed", _("could not be carried out")
    LEFT = "left", _("died or left the household")
    OTHER = "other", _("other reason")


class Plan(models.Model):
    """What is to be done for one household, or one village, in one year.

    Its case (kind "plan", subject the household number or village code) agrees on it; a change
    after that opens another case of the same plan. `goal` and `evaluation` are words, sealed.
    `target_income` is yuan a person. Satisfaction goes from 1 (not at all) to 5 (very).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    village = models.ForeignKey(
        Division, models.PROTECT, related_name="+", db_index=False, verbose_name=_("village")
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="plans"
    )
    year = models.SmallIntegerField(_("year"))
    goal_sealed = models.BinaryField(null=True)
    target_income = models.DecimalField(
        _("target income a person (yuan)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    helper = models.ForeignKey(
        Cadre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("responsible helper"),
    )
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    head_signed_on = models.DateField(_("signed by the head on"), null=True, blank=True)
    helper_signed_on = models.DateField(_("signed by the helper on"), null=True, blank=True)
    signing_way = models.CharField(
        _("signature kept as"), max_length=10, choices=SIGNING_WAYS, blank=True, default=""
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    evaluated_on = models.DateField(_("evaluated on"), null=True, blank=True)
    evaluated_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    satisfaction = models.SmallIntegerField(
        _("satisfaction of the household"), null=True, blank=True
    )
    evaluation_sealed = models.BinaryField(null=True)
    created_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    version = models.IntegerField(default=1)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-year", "village_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year"],
                condition=Q(household__isnull=False),
                name="a_household_has_one_plan_a_year",
                violation_error_message=_("The household has a plan of this year already."),
            ),
            models.UniqueConstraint(
                fields=["village", "year"],
                condition=Q(household=None),
                name="a_village_has_one_plan_a_year",
                violation_error_message=_("The village has a plan of this year already."),
            ),
            models.CheckConstraint(
                condition=Q(target_income=None) | Q(target_income__gt=0),
                name="a_target_is_above_zero",
                violation_error_message=_("A target is more than zero; leave it empty for none."),
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)),
                name="satisfaction_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(evaluated_on=None, evaluated_by=None)
                | Q(evaluated_on__isnull=False, evaluated_by__isnull=False),
                name="an_evaluation_has_day_and_officer",
            ),
        ]
        indexes = [models.Index(fields=["village", "year", "id"], name="plan_by_village")]

    def __str__(self) -> str:
        return f"{self.household_id or self.village_id} {self.year}"

    @property
    def is_of_village(self) -> bool:
        """Whether it is the plan of a whole village."""
        return self.household_id is None


class PlanCase(models.Model):
    """Which plan a case of the kind "plan" is about; `change` says why an agreed plan changes."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="plan_case")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="cases")
    change = models.CharField(_("reason of the change"), max_length=200, blank=True, default="")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.case_id}"


class ItemQuerySet(ScopedQuerySet):
    def live(self) -> Self:
        """Measures that are agreed and not ended."""
        return self.filter(status__in=LIVE)

    def helped(self) -> Self:
        """Measures of which something was delivered or begun, and that were not stopped."""
        return self.filter(status__in=HELPED)

    def standing(self) -> Self:
        """Measures that were not taken out of a draft."""
        return self.exclude(status=ItemStatus.DROPPED)


class Item(models.Model):
    """One measure of a plan: what, for whom, how much, from which funds, by when, how far it is.

    `group_claim` and `once_claim` are what it claims for its person or household while it stands:
    the group that shuts others out, and the year (or "ever") of a measure that comes once. They are
    set when the plan is approved and cleared when the claim ends, so that the database refuses a
    second one. `delivered` is what its standing deliveries add up to.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items")
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="items"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="items", db_index=False
    )
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(_("code"), max_length=20, db_collation="C")
    category = models.CharField(_("category"), max_length=4, choices=codes.choices("need"))
    unit = models.CharField(_("for whom"), max_length=10, choices=choices(UNIT_NAMES))
    content = models.CharField(_("what exactly"), max_length=200, blank=True, default="")
    planned = models.DecimalField(
        _("planned amount (yuan)"), max_digits=12, decimal_places=2, default=0
    )
    delivered = models.DecimalField(
        _("delivered (yuan)"), max_digits=12, decimal_places=2, default=0
    )
    funding = models.CharField(
        _("source of funds"), max_length=12, choices=choices(SOURCE_NAMES), blank=True, default=""
    )
    responsible = models.ForeignKey(
        Cadre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("responsible"),
    )
    starts_on = models.DateField(_("start"))
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"), max_length=10, choices=ItemStatus, default=ItemStatus.DRAFT
    )
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.ADDED)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    confirmed = models.BooleanField(_("conditions confirmed"), default=False)
    group_claim = models.CharField(max_length=20, blank=True, default="")
    once_claim = models.CharField(max_length=10, blank=True, default="")
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    stop_reason = models.CharField(
        _("reason of the stop"), max_length=14, choices=StopReason, blank=True, default=""
    )
    stop_note = models.CharField(_("remark"), max_length=200, blank=True, default="")
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ItemQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["plan_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "member", "group_claim"],
                condition=~Q(group_claim="") & Q(household__isnull=False),
                nulls_distinct=False,
                name="one_live_measure_of_a_group",
            ),
            models.UniqueConstraint(
                fields=["household", "member", "code", "once_claim"],
                condition=~Q(once_claim="") & Q(household__isnull=False),
                nulls_distinct=False,
                name="a_measure_comes_once",
            ),
            models.CheckConstraint(
                condition=Q(unit=Unit.VILLAGE, household=None, member=None)
                | Q(unit=Unit.HOUSEHOLD, household__isnull=False, member=None)
                | Q(unit=Unit.PERSON, household__isnull=False, member__isnull=False),
                name="a_measure_has_its_unit",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")),
                name="a_measure_is_due_after_its_start",
                violation_error_message=_("The due day lies before the start."),
            ),
            models.CheckConstraint(
                condition=Q(planned__gte=0), name="a_planned_amount_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(delivered__gte=0) & Q(delivered__lte=F("planned")),
                name="no_more_is_delivered_than_planned",
            ),
            models.CheckConstraint(
                condition=Q(status=ItemStatus.STOPPED) & ~Q(stop_reason="")
                | ~Q(status=ItemStatus.STOPPED) & Q(stop_reason=""),
                name="a_stop_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "stopped"], ended_on__isnull=False)
                | ~Q(status__in=["done", "stopped"]) & Q(ended_on=None),
                name="a_measure_that_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "dropped"])
                | Q(group_claim="", once_claim="", delivered=0, agreed_on=None),
                name="a_draft_claims_nothing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "due_on", "id"],
                condition=Q(status__in=["agreed", "ongoing"]),
                name="live_item_by_due_day",
            ),
            models.Index(fields=["village", "code", "status"], name="item_by_code"),
            models.Index(
                fields=["member"], condition=Q(member__isnull=False), name="item_by_member"
            ),
            models.Index(fields=["responsible", "status"], name="item_by_responsible"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.code}"
