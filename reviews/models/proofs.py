from django.db import models
from django.db.models.functions import Now

from officers.models import Officer
from reviews.models.reviews import Review


class Verification(models.Model):
    """One recomputation of a whole review from the inputs that it stored. Append-only.

    `differences` counts proposals that do not follow from their inputs; `examples` names the first
    of them (household number, column, stored, recomputed). The hashes are those recomputed.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="verifications")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    proposals = models.IntegerField()
    differences = models.IntegerField()
    examples = models.JSONField(default=list)
    input_hash = models.CharField(max_length=64)
    standard_hash = models.CharField(max_length=64)
    result_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.differences}"
