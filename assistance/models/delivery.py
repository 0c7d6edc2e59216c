import uuid
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.models.plans import Item
from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models import Member
from officers.models import Officer
from teams.models.terms import days_of


class DeliveryKind(models.TextChoices):
    """What reached the household."""

    CASH = "cash", pgettext_lazy("delivery", "money")
    GOODS = "goods", pgettext_lazy("delivery", "goods")
    SERVICE = "service", pgettext_lazy("delivery", "service")
    WORK = "work", pgettext_lazy("delivery", "building work")


class DeliverySource(models.TextChoices):
    """By which door a delivery came in."""

    PAGE = "page", _("entered on a page")
    FILE = "file", _("imported")
    API = "api", _("sent by another system")


class DeliveryQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Deliveries that nobody took back."""
        return self.filter(withdrawn_at=None)


class Delivery(models.Model):
    """One payment, handing-over, service or piece of work of a measure.

    Fixed but for its withdrawal, and for its village, which is where the household lives now.
    `number` counts the deliveries of a measure. `amount` is its worth in yuan. `reference` is the
    number by which the sender knows it: a second one of the same officer is the first again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="deliveries", db_index=False)
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    number = models.SmallIntegerField(_("number"))
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=8, choices=DeliveryKind)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=12, decimal_places=2, default=0)
    quantity = models.CharField(_("how much of what"), max_length=60, blank=True, default="")
    payee = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("payee"),
    )
    voucher = models.CharField(_("voucher number"), max_length=60, blank=True, default="")
    note = models.CharField(_("remark"), max_length=200, blank=True, default="")
    source = models.CharField(max_length=8, choices=DeliverySource, default=DeliverySource.PAGE)
    reference = models.CharField(max_length=64, blank=True, default="")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(
        _("reason of the withdrawal"), max_length=200, blank=True, default=""
    )

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(DeliveryQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["item_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="a_delivery_has_its_number"),
            models.UniqueConstraint(
                fields=["recorded_by", "reference"],
                condition=~Q(reference=""),
                name="a_reference_is_used_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_delivery_is_not_negative"),
            models.CheckConstraint(
                condition=~Q(kind="cash") | Q(amount__gt=0),
                name="money_is_more_than_nothing",
                violation_error_message=_("A payment is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="a_withdrawn_delivery_says_why",
            ),
        ]
        indexes = [models.Index(fields=["village", "-day", "id"], name="delivery_by_village")]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


class Instalment(models.Model):
    """A part of a measure that is due on a day: the amount in yuan, counted from 1."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="instalments", db_index=False)
    number = models.SmallIntegerField(_("number"))
    due_on = models.DateField(_("due"))
    amount = models.DecimalField(_("amount (yuan)"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["item_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="an_instalment_has_its_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_instalment_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


class Loan(models.Model):
    """A micro-credit: bank, principal (yuan), rates (percent a year), term, until it is repaid.

    `subsidised_percent` is the part of the interest that the subsidy bears. A term that was
    extended once is due on `extended_to`.
    """

    item = models.OneToOneField(Item, models.PROTECT, related_name="loan")
    bank = models.CharField(_("bank"), max_length=50)
    principal = models.DecimalField(_("principal (yuan)"), max_digits=10, decimal_places=2)
    rate_percent = models.DecimalField(
        _("interest, percent a year"), max_digits=5, decimal_places=2
    )
    subsidised_percent = models.SmallIntegerField(_("subsidised part of the interest, percent"))
    purpose = models.CharField(_("used for"), max_length=100)
    drawn_on = models.DateField(_("drawn on"))
    due_on = models.DateField(_("due"))
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    settled_on = models.DateField(_("repaid on"), null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(principal__gt=0), name="a_loan_is_above_zero"),
            models.CheckConstraint(
                condition=Q(rate_percent__range=(0, 36)), name="a_rate_is_0_to_36_percent"
            ),
            models.CheckConstraint(
                condition=Q(subsidised_percent__range=(0, 100)),
                name="a_subsidised_part_is_0_to_100_percent",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("drawn_on")),
                name="a_loan_is_due_after_it_is_drawn",
                violation_error_message=_("A loan is due after the day on which it is drawn."),
            ),
            models.CheckConstraint(
                condition=Q(extended_to=None) | Q(extended_to__gt=F("due_on")),
                name="a_loan_is_extended_onward",
                violation_error_message=_("An extension ends after the day that was agreed."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.item_id)


class Repayment(models.Model):
    """A part of a loan paid back, in yuan. Append-only."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="repayments")
    day = models.DateField(_("day"))
    amount = models.DecimalField(_("amount (yuan)"), max_digits=10, decimal_places=2)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["loan_id", "day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_repayment_is_above_zero")
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.day}"


class Contract(models.Model):
    """Somebody's days in a public-benefit post or as a forest ranger; never two at a time."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="contracts")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    employer = models.CharField(_("employer"), max_length=80)
    job = models.CharField(_("job"), max_length=60)
    starts_on = models.DateField(_("from"))
    last_day = models.DateField(_("last day"))
    monthly_pay = models.DecimalField(_("pay a month (yuan)"), max_digits=8, decimal_places=2)
    ended_early = models.CharField(_("why it ended early"), max_length=200, blank=True, default="")
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("starts_on")),
                name="a_contract_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(condition=Q(monthly_pay__gt=0), name="a_post_is_paid"),
            ExclusionConstraint(
                name="nobody_holds_two_posts",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    (days_of("starts_on", "last_day"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person has a post in these days already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.starts_on}"


class Move(models.Model):
    """A relocation: where to, how large (m²), own debt (yuan), moved in, old house gone."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="move")
    site = models.CharField(_("place of resettlement"), max_length=100)
    area_m2 = models.DecimalField(_("area (m²)"), max_digits=6, decimal_places=2)
    persons = models.SmallIntegerField(_("persons who move"))
    own_debt = models.DecimalField(_("own debt (yuan)"), max_digits=10, decimal_places=2, default=0)
    moved_in_on = models.DateField(_("moved in on"), null=True, blank=True)
    old_house_gone_on = models.DateField(_("old house demolished on"), null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="a_new_house_has_an_area"),
            models.CheckConstraint(condition=Q(persons__gte=1), name="somebody_moves"),
            models.CheckConstraint(condition=Q(own_debt__gte=0), name="debt_is_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.item_id)


class Course(models.Model):
    """A training course of a person: what, from when to when, and the certificate that he got."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="course")
    subject = models.CharField(_("subject"), max_length=80)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    certificate = models.CharField(_("certificate"), max_length=80, blank=True, default="")
    certified_on = models.DateField(_("certified on"), null=True, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="a_taken_course_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(certificate="", certified_on=None)
                | (~Q(certificate="") & Q(certified_on__isnull=False)),
                name="a_certificate_has_a_day",
                violation_error_message=_("Give certificate and day together."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.subject}"
