from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models import Household, Survey
from households.models.households import STATE_CHOICES
from households.rules import Kind
from officers.models import Officer
from reviews.models.reviews import Review
from workflow.models import Case

KIND_NAMES = {
    Kind.COMPLETE: _("complete the facts"),
    Kind.IDENTIFY: _("identify"),
    Kind.WATCH: _("watch"),
    Kind.KEEP: _("keep"),
    Kind.EXIT: _("exit"),
    Kind.REINCLUDE: _("re-include"),
    Kind.ATTENTION: _("needs attention"),
}


class Answer(models.IntegerChoices):
    """What else than accepting an officer can say to a proposal; new facts make a new proposal."""

    REFUSED = 1, pgettext_lazy("answer", "refused")
    SENT_BACK = 2, _("sent back for data")


class ProposalQuerySet(ScopedQuerySet):
    def in_force(self) -> Self:
        """Proposals that no refresh has superseded."""
        return self.filter(superseded_at=None)

    def undecided(self) -> Self:
        """Proposals in force that nobody has accepted, answered ones too."""
        return self.in_force().filter(accepted_at=None)

    def waiting(self) -> Self:
        """Proposals in force that nobody has accepted, refused or sent back."""
        return self.undecided().filter(answer=None)


class Proposal(models.Model):
    """What the review proposes for one household, with the values that it rests on.

    The evidence is the survey named here (immutable), the state then and the persons; lacks and
    gaps are bitmaps of households.rules; `net_fen` is empty while an income is unknown. `error`
    says why a household needs attention. `added_at` is empty for proposals of the first run and
    the moment of the refresh that added the others; a refresh that replaces a proposal gives the
    new one's `added_at` to the old one's `superseded_at`. The values of review, household, village
    and survey come from those very rows within one transaction, and none of them is ever deleted,
    so the database does not check a million references again.
    """

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="proposals", db_index=False, db_constraint=False
    )
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    village = models.ForeignKey(
        Division,
        models.PROTECT,
        db_column="village_code",
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    survey = models.ForeignKey(
        Survey,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    state = models.SmallIntegerField(_("state then"), choices=STATE_CHOICES)
    kind = models.SmallIntegerField(
        _("proposal"), choices=[(k.value, n) for k, n in KIND_NAMES.items()]
    )
    lacks = models.SmallIntegerField(default=0)
    gaps = models.SmallIntegerField(default=0)
    persons = models.SmallIntegerField(_("persons"))
    net_fen = models.BigIntegerField(null=True)
    error = models.TextField(_("why it needs attention"), null=True)
    added_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_index=False)
    accepted_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", db_index=False
    )
    accepted_at = models.DateTimeField(null=True)
    answer = models.SmallIntegerField(_("answer"), null=True, choices=Answer.choices)
    answered_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.CharField(_("reason"), max_length=200, null=True)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ProposalQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "review"],
                condition=Q(superseded_at=None),
                name="one_proposal_in_force",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None, case=None)
                | Q(
                    accepted_at__isnull=False,
                    accepted_by__isnull=False,
                    case__isnull=False,
                ),
                name="an_acceptance_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answer=None, answered_at=None, answered_by=None, answer_reason=None)
                | Q(
                    answer__isnull=False,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    answer_reason__isnull=False,
                    accepted_at=None,
                ),
                name="an_answer_is_whole_and_no_acceptance",
            ),
        ]
        indexes = [
            models.Index(fields=["review", "village", "household"], name="proposal_by_village"),
            models.Index(
                fields=["review", "kind", "village", "household"],
                name="proposal_by_kind",
            ),
            models.Index(
                fields=["review", "village", "household"],
                condition=Q(added_at__isnull=False) | Q(superseded_at__isnull=False),
                name="proposal_changed",
            ),
            models.Index(
                fields=["review", "village", "household"],
                condition=Q(accepted_at__isnull=False) | Q(answer__isnull=False),
                name="proposal_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.household_id}"
