from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.queries import codes_above
from divisions.scope import NATION, Posted, in_reach
from officers.models import Officer


class YearFreezeQuerySet(models.QuerySet):
    def over(self, code: str) -> Self:
        """Freezes that hold in division `code`: its own and those of the divisions above it."""
        return self.filter(division_id__in=[NATION, *codes_above(code), code])

    def touching(self, officer: Posted) -> Self:
        """Freezes that hold somewhere within the officer's posting."""
        touching = in_reach("division_id", officer.reach)
        for code in officer.reach:
            touching |= Q(division_id__in=[NATION, *codes_above(code)])
        return self.filter(touching)


class YearFreeze(models.Model):
    """An officer's recorded act: after it, the surveys of `year` below `division` stand."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    year = models.SmallIntegerField(_("year"))
    frozen_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(db_default=Now())
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects = YearFreezeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "year"], name="a_year_is_frozen_once")
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}"
