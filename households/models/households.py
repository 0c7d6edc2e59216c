import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households import codes
from households.rules import ON_REGISTER, State
from workflow.models import Case

STATE_NAMES = {
    State.POOR: _("poor"),
    State.EXITED: _("exited"),
    State.PLANNED_EXIT: _("planned exit"),
    State.RELAPSED: _("relapsed"),
    State.ORDINARY: _("not on the register"),
    State.CLEARED: _("cleared"),
    State.CANCELLED: pgettext_lazy("household", "cancelled"),
}
STATE_CHOICES = [(state.value, name) for state, name in STATE_NAMES.items()]
PHONE_FIELD = "households.household.phone"
BANK_FIELD = "households.household.bank_account"


class HouseholdQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Households that no withdrawal of their import has taken back."""
        return self.filter(withdrawn_at=None)

    def ever_numbered(self, number: str) -> Self:
        """Households that have or had the number, withdrawn ones too; each sort has its index."""
        standing, withdrawn = Q(withdrawn_at=None), Q(withdrawn_at__isnull=False)
        return self.filter(Q(standing, number=number) | Q(withdrawn, number=number))

    def registered(self) -> Self:
        """Households on the register now: poor, planned exit or relapsed."""
        return self.standing().filter(state__in=ON_REGISTER)


class Household(models.Model):
    """A household, poor or not. Its number is unique in the nation and never changes.

    `state` changes only by a case (the database asks for the StateChange of the same
    transaction); the state of an imported household is loaded history, marked `state_loaded`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(
        _("household number"),
        max_length=20,
        db_collation="C",
        validators=[RegexValidator(r"^[0-9A-Za-z-]{1,20}\Z")],
    )
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
        verbose_name=_("village"),
    )
    group = models.CharField(_("group"), max_length=50, blank=True, default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="", db_default="")
    phone_sealed = models.BinaryField(null=True)
    phone_blind = models.UUIDField(null=True)
    bank_name = models.CharField(_("bank"), max_length=50, blank=True, default="", db_default="")
    bank_account_sealed = models.BinaryField(null=True)
    bank_account_blind = models.UUIDField(null=True)
    attribute = models.CharField(
        _("attribute"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("attribute"),
    )
    state = models.SmallIntegerField(_("state"), choices=STATE_CHOICES, default=State.ORDINARY)
    state_loaded = models.BooleanField(_("state loaded from earlier records"), default=False)
    exit_year = models.SmallIntegerField(_("exit year"), null=True, blank=True)
    main_cause = models.CharField(
        _("main cause of poverty"),
        max_length=2,
        blank=True,
        default="",
        choices=codes.choices("cause"),
    )
    other_causes = ArrayField(
        models.CharField(max_length=2, choices=codes.choices("cause")),
        size=2,
        blank=True,
        default=list,
        verbose_name=_("other causes"),
    )
    cause_text = models.CharField(
        _("explanation of the causes"), max_length=200, blank=True, default="", db_default=""
    )
    needs = ArrayField(
        models.CharField(max_length=4, choices=codes.choices("need")),
        blank=True,
        default=list,
        db_default=[],
        verbose_name=_("help wanted"),
    )
    housing_grade = models.CharField(
        _("housing grade"),
        max_length=1,
        blank=True,
        default="",
        choices=codes.choices("housing_grade"),
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("split from"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("merged into"),
    )
    search = ArrayField(models.TextField(), default=list, editable=False)
    version = models.IntegerField(default=1)
    batch = models.ForeignKey("households.ImportBatch", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(HouseholdQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(withdrawn_at=None),
                name="household_number_is_unique",
                violation_error_message=_("This household number is already used."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.EXITED, State.RELAPSED], exit_year__isnull=False)
                | (~Q(state__in=[State.EXITED, State.RELAPSED]) & Q(exit_year=None)),
                name="exit_year_goes_with_state",
                violation_error_message=_(
                    "An exit year belongs to exited and relapsed households only."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]),
                name="household_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(state=State.CANCELLED),
                name="a_merged_household_is_cancelled",
            ),
            models.CheckConstraint(condition=~Q(main_cause="12"), name="marriage_is_no_main_cause"),
            models.CheckConstraint(
                condition=Q(main_cause="") | ~Q(other_causes__contains=[models.F("main_cause")]),
                name="main_cause_is_not_repeated",
            ),
            models.CheckConstraint(
                condition=Q(other_causes__len__lte=2), name="two_other_causes_at_most"
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "id"],
                name="household_by_village",
                condition=Q(withdrawn_at=None),
            ),
            models.Index(
                fields=["state", "village", "id"],
                name="household_by_state",
                condition=Q(withdrawn_at=None),
            ),
            models.Index(
                fields=["main_cause", "village", "id"],
                include=["state"],
                name="household_by_cause",
                condition=Q(withdrawn_at=None),
            ),
            models.Index(
                fields=["number"],
                name="household_withdrawn_by_number",
                condition=Q(withdrawn_at__isnull=False),
            ),
            GinIndex(fields=["search"], name="household_search", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.number


class StateChange(models.Model):
    """One change of a household's state, by one step of one case. Append-only."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="state_changes")
    from_state = models.SmallIntegerField(choices=STATE_CHOICES)
    to_state = models.SmallIntegerField(choices=STATE_CHOICES)
    on = models.DateField(_("date"))
    at = models.DateTimeField(db_default=Now())
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    standard = models.ForeignKey("households.Standard", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.household_id}: {self.from_state} → {self.to_state}"
