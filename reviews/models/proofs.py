from django.db import models
from django.db.models.functions import Now

from officers.models import Officer
from reviews.models.reviews import Review


class Verification(models.Model):
    """One recomputation of a whole review from the inputs that it stored. Append-only.

    `differences` counts proposals that do not follow from their inputs; `examples` names the first
    of them (household number, column, stored, recomputed), then villages and the standard where
    these differ. The hashes are those recomputed.
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

    @property
    def is_same(self) -> bool:
        """Whether every proposal follows from its inputs and the three hashes came out again."""
        review = self.review
        again = (self.input_hash, self.standard_hash, self.result_hash)
        return not self.differences and again == (
            review.input_hash,
            review.standard_hash,
            review.result_hash,
        )

    def __str__(self) -> str:
        return f"{self.review_id}: {self.differences}"
