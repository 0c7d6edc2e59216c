from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer


class VillageRecordQuerySet(ScopedQuerySet):
    def in_force(self) -> "VillageRecordQuerySet":
        """Of each village and year, the record that no later one corrects."""
        return self.order_by("village_id", "year", "-recorded_at", "-id").distinct(
            "village_id", "year"
        )


class VillageRecord(models.Model):
    """The figures of a village for one year: people, land, income, infrastructure. Append-only.

    `values` maps the fields of `households/data/village_fields.csv` to whole numbers, decimals as
    text, or true and false; a field that is missing is unknown. A correction is a new record.
    """

    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
        verbose_name=_("village"),
    )
    year = models.SmallIntegerField(_("year"))
    values = models.JSONField(_("figures"), default=dict)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(_("reason of the correction"), max_length=200, blank=True, default="")
    source = models.CharField(max_length=8, default="page")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(VillageRecordQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["village_id", "year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year"],
                condition=Q(corrects=None),
                name="a_village_has_one_first_record_a_year",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="a_village_record_is_corrected_once",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | ~Q(reason=""),
                name="a_corrected_village_record_says_why",
            ),
        ]
        indexes = [
            models.Index(
                F("village"), F("year"), F("recorded_at").desc(), name="village_record_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}"
