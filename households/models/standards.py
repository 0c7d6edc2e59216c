from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import NATION, Posted, in_reach
from households.rules import GUARANTEES, standard_digest
from officers.models import Officer


class StandardQuerySet(models.QuerySet):
    def visible_to(self, officer: Posted) -> Self:
        """What the nation published, and all of the provinces that the officer's reach touches."""
        provinces = in_reach("division_id", {code[:2] for code in officer.reach})
        return self.filter(Q(division_id=NATION, published_at__isnull=False) | provinces)

    def drafts(self) -> Self:
        """Standards that wait for their publication."""
        return self.filter(published_at=None, discarded_at=None)

    def published(self) -> Self:
        """Standards that a second officer published, and the national ones shipped."""
        return self.exclude(published_at=None)

    def holding(self, code: str, year: int) -> Self:
        """Published standards of a year for division `code`, the one that holds first.

        The province's own comes before the nation's, the highest number before earlier ones.
        """
        return (
            self.published()
            .filter(year=year, division_id__in=[NATION, code[:2]])
            .order_by("-division_id", "-number")
        )


def all_guarantees() -> list[str]:
    """What a standard demands unless its preparer leaves something out."""
    return [*GUARANTEES]


class Standard(models.Model):
    """The line and the monitoring line of a year, in yuan per person, and what must be guaranteed.

    A row never changes but for its publication or its end as a draft: who changes a draft makes a
    new one in its place, so that a review of a draft keeps what it was judged by. `number` is given
    at publication. `guarantees` are names of households.rules.GUARANTEES.
    """

    number = models.IntegerField(_("number"), unique=True, null=True)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("year"))
    line = models.DecimalField(_("poverty line"), max_digits=10, decimal_places=2)
    monitoring_line = models.DecimalField(_("monitoring line"), max_digits=10, decimal_places=2)
    guarantees = ArrayField(
        models.CharField(max_length=10), verbose_name=_("guarantees"), default=all_guarantees
    )
    source = models.CharField(_("source"), max_length=300)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("replaces")
    )
    prepared_at = models.DateTimeField(_("prepared"), db_default=Now())
    discarded_at = models.DateTimeField(_("discarded"), null=True)
    prepared_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(line__gt=0, monitoring_line__gte=F("line")),
                name="monitoring_line_is_not_below_the_line",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("prepared_by")),
                name="standard_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None)
                | (~Q(content_hash="") & Q(number__isnull=False, discarded_at=None)),
                name="published_standard_is_hashed",
            ),
            models.CheckConstraint(
                condition=Q(guarantees__contained_by=[*GUARANTEES]),
                name="standard_guarantees_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.line}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None and self.discarded_at is None

    def digest(self) -> str:
        """The hash of its content as it stands; a draft has no number in it yet."""
        return standard_digest(
            number=self.number,
            division_id=self.division_id,
            year=self.year,
            line=self.line,
            monitoring_line=self.monitoring_line,
            source=self.source,
            guarantees=self.guarantees,
        )
