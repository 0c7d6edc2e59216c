from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from households.models.households import Household
from households.rules import GUARANTEES, MET, MONEY, NOT_APPLICABLE, NOT_MET
from officers.models import Officer

GUARANTEE_CHOICES = [
    (MET, _("met")),
    (NOT_MET, _("not met")),
    (NOT_APPLICABLE, _("not applicable")),
]


def money(label: Any) -> models.DecimalField:
    """A yearly amount of the whole household in yuan; empty means unknown, never zero."""
    return models.DecimalField(label, max_digits=10, decimal_places=2, null=True, blank=True)


def guarantee(label: Any) -> models.SmallIntegerField:
    """Met, not met or not applicable; empty means unknown."""
    return models.SmallIntegerField(label, null=True, blank=True, choices=GUARANTEE_CHOICES)


class SurveyQuerySet(models.QuerySet):
    def known_at(self, moment: datetime) -> Self:
        """Surveys recorded by `moment` and not withdrawn by then; a later withdrawal is no news."""
        stood = Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment)
        return self.filter(stood, recorded_at__lte=moment)

    def in_force(self) -> Self:
        """Of each household and year, the survey that no later one corrects."""
        return (
            self.filter(withdrawn_at=None)
            .order_by("household_id", "year", "-recorded_at", "-id")
            .distinct("household_id", "year")
        )


class Survey(models.Model):
    """The facts of one household for one year. Never edited: a correction is a new survey.

    `persons` counts the active members at the moment of recording and `member_digest` names them
    (same digest, same persons). Only a withdrawal of the import sets `withdrawn_at`.
    After its year is frozen a survey comes by an approved `correction` alone.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="surveys")
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
    )
    year = models.SmallIntegerField(_("year"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    recorded_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrects"),
    )
    reason = models.CharField(_("reason of the correction"), max_length=200, blank=True, default="")
    persons = models.SmallIntegerField(_("persons"))
    member_digest = models.UUIDField()
    wage_income = money(_("wage income"))
    business_income = money(_("business income, gross"))
    property_income = money(_("property income"))
    transfer_income = money(_("transfer income"))
    business_expense = money(_("business expense"))
    food = guarantee(_("food"))
    clothing = guarantee(_("clothing"))
    education = guarantee(_("compulsory education"))
    medical = guarantee(_("basic medical care"))
    housing = guarantee(_("safe housing"))
    water = guarantee(_("safe drinking water"))
    batch = models.ForeignKey("households.ImportBatch", models.PROTECT, null=True, related_name="+")
    correction = models.ForeignKey(
        "households.Correction",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["household_id", "year", "recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year"],
                condition=Q(corrects=None, withdrawn_at=None),
                name="a_year_has_one_first_survey",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(withdrawn_at=None, corrects__isnull=False),
                name="a_survey_is_corrected_once",
            ),
            models.UniqueConstraint(
                fields=["correction"],
                condition=Q(correction__isnull=False),
                name="a_correction_makes_one_survey",
            ),
            models.CheckConstraint(condition=Q(persons__gte=1), name="a_survey_counts_persons"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 0}),
                    name=f"{name}_is_not_negative",
                )
                for name in MONEY
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None})
                    | Q(**{f"{name}__in": [MET, NOT_MET, NOT_APPLICABLE]}),
                    name=f"{name}_guarantee_is_known",
                )
                for name in GUARANTEES
            ),
        ]
        indexes = [
            models.Index(
                F("household"),
                F("year"),
                F("recorded_at").desc(),
                F("id").desc(),
                name="survey_in_force",
                condition=Q(withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"
