from django.db import models

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager


class VillageCount(models.Model):
    """How many standing households and active members a village has, by state and main cause.

    A summary for counts above the county, where counting rows takes too long for a page. It is as
    true as its `counted_at`; households.counting writes it.
    """

    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    state = models.SmallIntegerField()
    main_cause = models.CharField(max_length=2)
    households = models.IntegerField()
    persons = models.IntegerField()
    counted_at = models.DateTimeField()

    objects = ScopedManager()
    everywhere = EverywhereManager()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "state", "main_cause"], name="a_village_is_counted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.village_id}: {self.households}"
