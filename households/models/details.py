"""What a survey rests on: the lines of its incomes, the living conditions, notes and consent.

All of it belongs to one survey and is written with it; nothing of it is edited.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from households import codes
from households.models.households import Household
from households.models.surveys import Survey
from households.rules import MONEY
from officers.models import Officer
from workflow.models import Attachment

KIND_CHOICES = [
    ("wage_income", _("wage income")),
    ("business_income", _("business income, gross")),
    ("property_income", _("property income")),
    ("transfer_income", _("transfer income")),
    ("business_expense", _("business expense")),
]


def measured(label: Any) -> models.DecimalField:
    """An area or a distance; empty means unknown."""
    return models.DecimalField(label, max_digits=8, decimal_places=2, null=True, blank=True)


def listed(label: Any, field: str) -> models.CharField:
    """A code of the list `field`; empty means unknown."""
    return models.CharField(
        label, max_length=2, blank=True, default="", choices=codes.choices(field)
    )


class IncomeLine(models.Model):
    """One line of the income account of a survey: what, how much of it, and the amount in yuan.

    Where quantity and price are given, amount = quantity × unit price × coefficient, rounded half
    away from zero to 0.01; the coefficient, in percent, is the share that remains as income after
    usual costs. The lines of a kind add up to the survey's figure of that kind.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="lines")
    position = models.SmallIntegerField()
    kind = models.CharField(_("kind"), max_length=20, choices=KIND_CHOICES)
    item = models.CharField(_("item"), max_length=30)
    text = models.CharField(_("remark"), max_length=100, blank=True, default="")
    quantity = models.DecimalField(
        _("quantity"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    unit_price = models.DecimalField(
        _("unit price"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    coefficient_percent = models.SmallIntegerField(_("coefficient"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["survey_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "position"], name="an_income_line_has_one_position"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="an_income_is_not_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=list(MONEY)), name="an_income_line_has_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(quantity=None, unit_price=None, coefficient_percent=None)
                | Q(
                    quantity__gte=0,
                    unit_price__gte=0,
                    coefficient_percent__gte=0,
                    coefficient_percent__lte=100,
                ),
                name="quantity_price_and_coefficient_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}/{self.position} {self.item}"


class LivingConditions(models.Model):
    """How the household lives and what it works with, in the year of its survey."""

    survey = models.OneToOneField(
        Survey, models.PROTECT, primary_key=True, related_name="conditions"
    )
    arable_mu = measured(_("arable land (mu)"))
    forest_mu = measured(_("forest land (mu)"))
    grassland_mu = measured(_("grassland (mu)"))
    housing_m2 = measured(_("housing area (m²)"))
    road_km = measured(_("distance to the village's main road (km)"))
    housing_structure = listed(_("structure of the house"), "housing_structure")
    water_source = listed(_("source of drinking water"), "water_source")
    fuel = listed(_("main fuel"), "fuel")
    road_type = listed(_("access road"), "road_type")
    toilet = models.BooleanField(_("sanitary toilet"), null=True, blank=True)
    electricity = models.BooleanField(_("electricity"), null=True, blank=True)
    television = models.BooleanField(_("radio or television"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{name: None}) | Q(**{f"{name}__gte": 0}),
                name=f"{name}_is_no_negative_measure",
            )
            for name in ("arable_mu", "forest_mu", "grassland_mu", "housing_m2", "road_km")
        ]

    def __str__(self) -> str:
        return str(self.survey_id)


class SurveyNote(models.Model):
    """Why a figure of a survey is what it is: the reason for a jump against last year.

    `name` is a figure of the survey, or "per_capita".
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="notes")
    name = models.CharField(max_length=30)
    text = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "name"], name="a_figure_has_one_note"),
            models.CheckConstraint(condition=~Q(text=""), name="a_note_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.name}"


class Consent(models.Model):
    """That a household agreed: to its registration, and to a comparison with other departments.

    `way` says how: a photo of the signature (with its attachment) or a signed slip in the files.
    """

    PHOTO, SLIP = "photo", "slip"
    WAYS = [(PHOTO, _("photo of the signature")), (SLIP, _("signed slip, kept in the files"))]

    household = models.ForeignKey(Household, models.PROTECT, related_name="consents")
    year = models.SmallIntegerField(_("year"))
    given_on = models.DateField(_("given on"))
    way = models.CharField(_("way"), max_length=10, choices=WAYS)
    signer = models.CharField(_("signed by"), max_length=50)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="photo", attachment__isnull=False) | Q(way="slip"),
                name="a_photo_of_consent_is_attached",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"
