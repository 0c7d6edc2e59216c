"""Decisions about households that another system took and reported here."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models import Household
from officers.models import Client
from workflow.models import Case


class DecisionKind(models.TextChoices):
    """What was decided, by the procedure that decides it here."""

    IDENTIFICATION = "identification", _("put on the register")
    EXIT = "exit", _("exited")
    REINCLUSION = "reinclusion", _("back on the register")
    REMOVAL = "removal", _("removed as wrongly registered")


class ForeignDecision(models.Model):
    """A decision as it was reported: fixed but for the case that takes it in.

    `reference` is the other system's own number of the report, `foreign_case` that of its case;
    `evidence_hash` is the SHA-256 of what it decided on. `signers` are objects with name, office
    and day. `year` is the year that was judged.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("system"))
    reference = models.CharField(_("reference"), max_length=64)
    kind = models.CharField(_("decision"), max_length=20, choices=DecisionKind)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    village = models.ForeignKey(
        Division, models.PROTECT, db_column="village_code", related_name="+", db_index=False
    )
    year = models.SmallIntegerField(_("year"))
    decided_on = models.DateField(_("decided on"))
    foreign_case = models.CharField(_("case of the other system"), max_length=64)
    signers = models.JSONField(_("signed by"))
    evidence_hash = models.CharField(_("SHA-256 of the evidence"), max_length=64)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    received_at = models.DateTimeField(_("received"), db_default=Now())
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="foreign_decision"
    )

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "reference"], name="a_report_has_its_own_reference"
            ),
            models.CheckConstraint(
                condition=Q(evidence_hash__regex=r"^[0-9a-f]{64}$"),
                name="a_foreign_decision_names_its_evidence",
            ),
            models.CheckConstraint(condition=~Q(signers=[]), name="a_foreign_decision_is_signed"),
        ]
        indexes = [
            models.Index(fields=["village", "id"], name="foreign_decision_by_village"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
