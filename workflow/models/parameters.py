from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from officers.models import Officer
from workflow.parameters import BY_TWO


class PolicyParameterQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Versions that can hold: those that wait for the officer who confirms them cannot."""
        return self.exclude(self.waits())

    def waiting(self) -> Self:
        """Versions that one officer wrote and nobody has confirmed yet."""
        return self.filter(self.waits())

    @staticmethod
    def waits() -> Q:
        """Which these are."""
        return Q(key__in=BY_TWO, set_by__isnull=False, confirmed_by=None)


class PolicyParameter(models.Model):
    """A number or list that differs by place and year. A new value is a new version.

    The nearest division that speaks wins (county, city, province, nation); there, the latest year
    not after the asked one; there, the highest version. `workflow.parameter_kinds.Setting` says
    where a wider one is not to be undercut, and where a version waits to be confirmed.
    """

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("from year"))
    key = models.CharField(_("parameter"), max_length=60)
    version = models.SmallIntegerField(default=1)
    value = models.JSONField(_("value"))
    source = models.CharField(_("source"), max_length=200)
    set_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyParameterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("set_by"))
                ),
                name="a_parameter_is_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["division", "key", "year", "version"],
                name="parameter_version_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.division_id} {self.year}"
