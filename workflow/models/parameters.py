from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from officers.models import Officer


class PolicyParameter(models.Model):
    """A number or list that differs by place and year. A new value is a new version.

    The nearest division that speaks wins (county, city, province, nation); there, the latest year
    not after the asked one; there, the highest version.
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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["division", "key", "year", "version"],
                name="parameter_version_is_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.division_id} {self.year}"
