from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from households.models.households import Household
from households.models.members import Member
from officers.models import Officer


class IssueState(models.TextChoices):
    OPEN = "open", _("open")
    EXPLAINED = "explained", _("explained")
    FIXED = "fixed", _("fixed")


class QualityIssueQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Issues whose facts still are as the rule found them, explained or not."""
        return self.exclude(state=IssueState.FIXED)

    def open(self) -> Self:
        """Issues that nobody has explained or mended."""
        return self.filter(state=IssueState.OPEN)


class QualityIssue(models.Model):
    """That a soft rule found something to mend or to explain in a household's facts of a year.

    `rule` is the id of a rule of `households.quality`, `severity` its own (1 must be mended … 5 is
    to be explained). `params` fill the rule's sentence and hold, as `facts`, a keyed digest of what
    the finding rests on; nothing personal. `editor` last recorded the facts. A rule that no longer
    finds it makes it fixed; found again, it is a new row.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="issues")
    village = models.ForeignKey(
        Division, models.PROTECT, db_column="village_code", related_name="+", db_index=False
    )
    year = models.SmallIntegerField(_("year"))
    rule = models.CharField(_("rule"), max_length=30)
    severity = models.SmallIntegerField(_("severity"))
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=40, blank=True, default="")
    params = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=IssueState.choices, default=IssueState.OPEN
    )
    editor = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("found"), db_default=Now())
    explanation = models.CharField(_("explanation"), max_length=200, blank=True, default="")
    explained_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+"
    )
    explained_at = models.DateTimeField(null=True, blank=True)
    fixed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(QualityIssueQuerySet)()
    scope_column = "village_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year", "rule", "member"],
                condition=~Q(state="fixed"),
                nulls_distinct=False,
                name="an_issue_stands_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="explained")
                | (~Q(explanation="") & Q(explained_by__isnull=False)),
                name="an_explained_issue_has_its_explanation",
            ),
            models.CheckConstraint(
                condition=Q(severity__range=(1, 5)), name="a_severity_is_1_to_5"
            ),
        ]
        indexes = [
            models.Index(
                fields=["village", "rule", "id"],
                name="standing_issue_by_village",
                condition=~Q(state="fixed"),
            ),
            models.Index(
                fields=["rule", "village", "id"],
                name="standing_issue_by_rule",
                condition=~Q(state="fixed"),
            ),
            models.Index(
                fields=["editor", "village", "id"],
                name="standing_issue_by_editor",
                condition=~Q(state="fixed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.household_id} {self.year}"
