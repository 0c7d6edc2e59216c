from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager
from officers.models import Officer
from reviews.models.proposals import Proposal
from reviews.models.reviews import Review


class BatchState(models.TextChoices):
    RUNNING = "running", _("being accepted")
    DONE = "done", pgettext_lazy("acceptance", "done")
    STOPPED = "stopped", _("stopped")


class BatchAcceptance(models.Model):
    """The proposals of one filter, confirmed by one clerk, accepted part by part.

    `proposals` are the very proposals that the clerk confirmed, in the order of village and
    household, `expected` their number and `seen` their digest; what comes to match the filter later
    is none of them. As many are done as `accepted` and `left_out` count: whoever takes the row's
    lock goes on behind them. Nothing of it is lost when a worker dies. `stopped_why` is the code of
    the refusal that ended it early.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="batches")
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    wanted = models.JSONField()
    expected = models.IntegerField()
    seen = models.CharField(max_length=64)
    proposals = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.RUNNING)
    accepted = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name=_("accepted by"))
    created_at = models.DateTimeField(_("confirmed"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)
    stopped_why = models.TextField(blank=True, default="")

    objects = ScopedManager()
    everywhere = EverywhereManager()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", finished_at=None)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="a_batch_ends_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id}/{self.pk}"


class LeftOutRow(models.Model):
    """A proposal that a batch did not accept, with the refusal that it met."""

    batch = models.ForeignKey(BatchAcceptance, models.PROTECT, related_name="rows")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=30)
    message = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "proposal"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.proposal_id} {self.code}"
