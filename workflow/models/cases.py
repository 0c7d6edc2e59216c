from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer
from officers.rules import Role
from workflow.machine import OPEN, Machine

YUAN = models.DecimalField(max_digits=14, decimal_places=2)
PER_CAPITA = Cast(KeyTextTransform("per_capita", KeyTransform("finding", "facts")), YUAN)
LINE = Cast(KeyTextTransform("line", KeyTransform("standard", "facts")), YUAN)
"""Of the facts of a household (`households.snapshot`), in yuan; null where others are kept."""


class CaseQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Cases that no final step has closed."""
        return self.filter(closed_at=None)

    def waiting_for(self, role: str, machines: Iterable[Machine]) -> Self:
        """Open cases of these machines that somebody in `role` is to move on; none without role."""
        waiting = Q(pk__in=[])
        for machine in machines if role else ():
            states = machine.waiting_states([Role(role)])
            waiting |= Q(kind=machine.kind, state__in=states)
        return self.open().filter(waiting)

    def about(self, kind: str, subject: str) -> Self:
        """Cases of one kind about one subject (household number or division code)."""
        return self.filter(kind=kind, subject=subject)


class Case(models.Model):
    """One procedure under way for one subject. It changes state by `take_step` alone.

    `facts` is the evidence snapshot that every step so far rests on, with what steps of the present
    run put into it under `workflow.machine.STEPS`, and `facts_hash` its sha256; `version` counts
    the changes of state and facts, `entered_by` is the step that led to the state.
    What the inbox lists and orders by is kept beside them: `margin`, how far the income of the
    facts lies above the line, in yuan a person; `flags`, the codes of what holds the case, the
    gravest first; `risk`, the highest of which is looked at first. Whatever changes flags and risk
    weighs them again (`workflow.actions.weighing`).
    """

    kind = models.CharField(_("procedure"), max_length=20)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    subject = models.CharField(_("subject"), max_length=20, db_collation="C")
    state = models.CharField(_("state"), max_length=30)
    version = models.IntegerField(default=1)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    facts_hash = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    opened_on = models.DateField(_("opened on"))
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    entered_state_on = models.DateField(_("since"))
    entered_by = models.CharField(max_length=30, default=OPEN, db_default=OPEN)
    risk = models.IntegerField(default=0, db_default=0)
    flags = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    margin = models.GeneratedField(expression=PER_CAPITA - LINE, output_field=YUAN, db_persist=True)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(CaseQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(closed_at=None),
                name="one_open_case_of_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["division", "id"], name="case_by_division"),
            models.Index(
                fields=["kind", "state", "division", "id"],
                condition=Q(closed_at=None),
                name="case_waiting",
            ),
            models.Index(fields=["subject", "id"], name="case_by_subject"),
            models.Index(
                fields=["division", "id"],
                condition=Q(closed_at=None) & ~Q(flags=[]),
                name="case_flagged",
            ),
            models.Index(
                fields=["-risk", "entered_state_on", "id"],
                condition=Q(closed_at=None),
                name="case_by_risk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class CaseEvent(models.Model):
    """One step, opening or amendment of a case. Append-only, numbered without a gap.

    `seq` is the version that the case reached by it. `facts` is kept where they changed and where
    an officer decided on them; `facts_hash` always.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.IntegerField()
    step = models.CharField(_("step"), max_length=30)
    from_state = models.CharField(max_length=30, blank=True, default="")
    to_state = models.CharField(max_length=30)
    actor_id = models.BigIntegerField()
    actor_name = models.TextField(_("officer"))
    role = models.TextField(_("role"))
    posted_to = models.TextField(db_collation="C")
    on = models.DateField(_("date"))
    at = models.DateTimeField(db_default=Now())
    note = models.TextField(_("note"), blank=True, default="")
    evidence = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    facts = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    facts_hash = models.CharField(max_length=64)
    decides = models.BooleanField(_("decision"), default=False)

    class Meta:
        ordering = ["case_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="case_event_has_one_number")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.step}"


class Look(models.Model):
    """That an officer who may decide opened the page of a case, for the first time at a version.

    It says how long a decision took that follows, and whether it was made unseen. Append-only.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="looks", db_index=False)
    version = models.IntegerField()
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version", "officer"], name="an_officer_opens_a_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.version} {self.officer_id}"
