import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.models.plans import Item
from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models import Household, Member
from officers.models import Officer


class Beneficiary(models.Model):
    """A household that a measure of the village serves; `share` is its part of the worth, in yuan.

    Who has a share in an asset gets its income by it; a road serves without shares.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="beneficiaries", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="benefits")
    share = models.DecimalField(
        _("share (yuan)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    added_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    added_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["item_id", "household_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "household"],
                condition=Q(ended_on=None),
                name="a_household_benefits_once",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0), name="a_share_is_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("added_on")),
                name="a_benefit_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.household_id}"


class DistributionQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Distributions that nobody took back."""
        return self.filter(withdrawn_at=None)


class Distribution(models.Model):
    """Income of a village's asset shared out on one day: the sum, in yuan, and who decided.

    `kept` stays with the village; the parts of its transfers and `kept` add up to `total`, which
    the database holds at the end of each transaction. Fixed but for withdrawal.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="distributions")
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    year = models.SmallIntegerField(_("year of the income"))
    total = models.DecimalField(_("sum (yuan)"), max_digits=12, decimal_places=2)
    kept = models.DecimalField(
        _("stays with the village (yuan)"), max_digits=12, decimal_places=2, default=0
    )
    decided_on = models.DateField(_("decided by the villagers' meeting on"))
    paid_on = models.DateField(_("paid on"))
    note = models.CharField(_("remark"), max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True, default="")

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(DistributionQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="a_distribution_is_above_zero"),
            models.CheckConstraint(
                condition=Q(kept__gte=0) & Q(kept__lte=F("total")),
                name="the_village_keeps_a_part",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__gte=F("decided_on")),
                name="it_is_paid_after_the_decision",
                violation_error_message=_("It is paid on or after the day of the decision."),
            ),
        ]
        indexes = [
            models.Index(fields=["village", "-paid_on", "id"], name="distribution_by_village")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.paid_on}"


class TransferKind(models.TextChoices):
    """For what a household gets a part. Source: use of the income of village solar plants."""

    DIVIDEND = "dividend", pgettext_lazy("asset income", "dividend")
    POST = "post", pgettext_lazy("asset income", "pay of a public-benefit post")
    WORK = "work", pgettext_lazy("asset income", "pay for small works")
    REWARD = "reward", pgettext_lazy("asset income", "reward")
    RELIEF = "relief", pgettext_lazy("asset income", "relief")


class Transfer(models.Model):
    """The part of a household in a distribution, in yuan. Append-only."""

    distribution = models.ForeignKey(
        Distribution, models.PROTECT, related_name="transfers", db_index=False
    )
    household = models.ForeignKey(Household, models.PROTECT, related_name="transfers")
    kind = models.CharField(_("for"), max_length=10, choices=TransferKind)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=10, decimal_places=2)
    payee = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["distribution_id", "household_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["distribution", "household", "kind"], name="a_part_is_given_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_part_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.distribution_id} {self.household_id}"
