from django.db import models
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager


class VillageReadiness(models.Model):
    """How many households of a village stand where with the surveys of a year.

    `counts` holds the measures of reviews.queries.measures.counted by name, zeros left out. A
    summary for places above the county, where counting rows takes too long for a page; it is as
    true as its `counted_at`. reviews.actions.counting writes it.
    """

    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    year = models.SmallIntegerField(_("year"))
    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    objects = ScopedManager()
    everywhere = EverywhereManager()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "village"], name="a_village_is_ready_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}"
