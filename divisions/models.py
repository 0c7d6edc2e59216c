from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from divisions.scope import NATION, in_range


class Level(models.IntegerChoices):
    NATION = 0, _("nation")
    PROVINCE = 1, _("province")
    CITY = 2, _("city")
    COUNTY = 3, _("county")
    TOWNSHIP = 4, _("township")
    VILLAGE = 5, _("village")


class DivisionQuerySet(models.QuerySet):
    def in_force(self, on: date) -> Self:
        """Divisions that exist on `on`: begun, and not yet ended."""
        begun = Q(valid_from=None) | Q(valid_from__lte=on)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gt=on))

    def within(self, code: str) -> Self:
        """The division `code` and everything below it."""
        return self.filter(in_range("code", code))

    def below(self, code: str) -> Self:
        """The direct children of `code`, in code order."""
        return self.filter(parent_id=code).order_by("code")


class Division(models.Model):
    """A place of the administrative tree. The code is the path: it starts with its parent's.

    Official unpadded codes of 2, 4, 6, 9 or 12 digits; the nation, code "0", is the exception.
    What a later official list no longer holds keeps its row with an end date.
    """

    code = models.CharField(_("code"), max_length=12, primary_key=True, db_collation="C")
    level = models.SmallIntegerField(_("level"), choices=Level.choices)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("parent"),
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("ended on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("successor"),
    )

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code=NATION, level=0)
                | Q(
                    code__regex=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$",
                    level__gt=0,
                ),
                name="division_code_is_official",
            ),
            models.CheckConstraint(
                condition=Q(code=NATION, parent=None) | Q(parent__isnull=False),
                name="division_has_a_parent",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="division_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def padded_code(self) -> str:
        """The 12-digit form of the statistical lists."""
        return self.code.ljust(12, "0")
