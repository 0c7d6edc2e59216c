from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager
from officers.models import Officer
from reviews.models.reviews import Review


class Comparison(models.Model):
    """What two reviews say of the same households of one division, counted once and kept.

    `matrix` counts households by "kind before.kind after", `persons` their people in the first and
    in the second review; 0 stands for no proposal at all. Counted again when one of the two has
    been refreshed since `counted_at`. An empty matrix waits to be counted, since then.
    """

    first = models.ForeignKey(Review, models.PROTECT, related_name="+")
    second = models.ForeignKey(Review, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    matrix = models.JSONField(default=dict)
    persons = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    counted_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager()
    everywhere = EverywhereManager()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "division"], name="two_reviews_are_compared_once"
            ),
            models.CheckConstraint(
                condition=~Q(first=F("second")), name="a_review_is_not_compared_with_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} → {self.second_id}"
