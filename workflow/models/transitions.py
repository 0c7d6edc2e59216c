from django.contrib.postgres.fields import ArrayField
from django.db import models


class Transition(models.Model):
    """One step of a procedure as the database itself knows it, by which it judges every event.

    `waits` names the steps whose notice must have run out before this one, `barred` the earlier
    steps whose officers may not take it; `notice` is the parameter of the days that it posts for.
    Written by migrations alone (`workflow.transitions`). A kind without rows is not judged.
    """

    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=30, blank=True)
    step = models.CharField(max_length=30)
    target = models.CharField(max_length=30)
    way = models.CharField(max_length=10)
    decides = models.BooleanField()
    roles = ArrayField(models.CharField(max_length=20))
    barred = ArrayField(models.CharField(max_length=30))
    waits = ArrayField(models.CharField(max_length=30))
    notice = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["kind", "source", "step", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "step", "target"], name="a_transition_is_known_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.source} → {self.target}"
