"""What other systems pushed: one row for each batch, and each value that waits for the county."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from exchange.rules import Group
from households.models import Household, Member
from officers.models import Client, Officer

PUSHED, RECORDED = "exchange.difference.pushed", "exchange.difference.recorded"
"""The fields that the two sides of a difference are sealed for."""

GROUP_NAMES = {
    Group.HOUSEHOLD: _("household"),
    Group.CAUSES: _("causes"),
    Group.MEMBERS: _("members"),
    Group.IDENTITY: _("ID numbers, phones and accounts"),
    Group.INCOMES: _("incomes"),
    Group.LIVING: _("guarantees and living conditions"),
}


class Push(models.Model):
    """Households that a client pushed in one transaction, and what came of them.

    `counts` are households by result, `refused` faults by their codes: neither names anybody.
    `unchecked` are the households, by year, against which the soft rules are not held yet.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("system"))
    prefix = models.CharField(_("key"), max_length=8)
    at = models.DateTimeField(_("at"), db_default=Now())
    counts = models.JSONField(_("counts"), default=dict)
    refused = models.JSONField(_("refused, by reason"), default=dict)
    unchecked = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["client", "id"], name="push_by_client"),
            models.Index(fields=["id"], name="unchecked_push", condition=~Q(unchecked={})),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.pk}"


class DifferenceState(models.TextChoices):
    """What became of a pushed value that differs. The first three wait for the county clerk."""

    OPEN = "open", _("waits")
    REFUSED = "refused", _("refused")
    OVERWRITTEN = "overwritten", _("overwritten")
    TAKEN = "taken", _("theirs taken")
    KEPT = "kept", _("ours kept")
    OUTDATED = "outdated", _("outdated")


WAITING = (DifferenceState.OPEN, DifferenceState.REFUSED, DifferenceState.OVERWRITTEN)
DECIDED = (DifferenceState.TAKEN, DifferenceState.KEPT)


class DifferenceQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those that a county clerk has to decide."""
        return self.filter(state__in=WAITING)


class Difference(models.Model):
    """One value of a household on record against the one that another system pushed.

    An open or refused one was not written; an overwritten one was, over what somebody had entered
    here. Both sides are JSON of what an entry holds, sealed, of a decided one as the clerk saw
    them. `member` is a member on record; `person` stands for somebody who would join, by a keyed
    digest. Like a member, it is reached through its household, wherever that lies now. A decision
    for what was on record lapses once the system says the same as the record.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    push = models.ForeignKey(Push, models.PROTECT, related_name="differences")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("system"))
    household = models.ForeignKey(Household, models.PROTECT, related_name="differences")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    person = models.UUIDField(null=True, blank=True)
    year = models.SmallIntegerField(_("year"), null=True, blank=True)
    kind = models.CharField(max_length=10)
    field = models.CharField(max_length=40)
    group = models.CharField(
        _("group"), max_length=10, choices=[(one.value, name) for one, name in GROUP_NAMES.items()]
    )
    state = models.CharField(_("state"), max_length=12, choices=DifferenceState)
    recorded_sealed = models.BinaryField()
    pushed_sealed = models.BinaryField()
    pushed_blind = models.UUIDField()
    at = models.DateTimeField(_("pushed"), db_default=Now())
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "client", "kind", "field", "member", "person", "year"],
                condition=Q(state__in=["open", "refused", "overwritten"]),
                nulls_distinct=False,
                name="a_value_of_a_system_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["taken", "kept"], decided_by__isnull=False, decided_at__isnull=False
                )
                | Q(
                    state__in=["open", "refused", "overwritten", "outdated"],
                    decided_by=None,
                    decided_at=None,
                ),
                name="a_difference_is_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="household", member=None, person=None, year=None)
                | Q(kind="survey", member=None, person=None, year__isnull=False)
                | Q(kind="member", member__isnull=False, person=None, year=None)
                | Q(kind="member", member=None, person__isnull=False, year=None),
                name="a_difference_names_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind} {self.field}"
