from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from divisions.scope import NATION, in_range


class Level(models.IntegerChoices):
    NATION = 0, _("nation")
    PROVINCE = 1, _("province")
    CITY = 2, _("city")
    COUNTY = 3, _("county")
    TOWNSHIP = 4, _("township")
    VILLAGE = 5, _("village")


DIGITS = {
    Level.NATION: 1,
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
"""Length of the natural, unpadded code at each level."""


def one_level_down(level: Level) -> Q:
    """Code, level and parent agree: the code has its level's digits and starts with its parent."""
    digits = Q(level=level, code__regex=rf"^[0-9]{{{DIGITS[level]}}}$")
    if level == Level.PROVINCE:
        return digits & Q(parent__isnull=False, parent=NATION)
    return digits & Q(parent__isnull=False, parent=Left("code", DIGITS[Level(level - 1)]))


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
        db_index=False,
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
        db_index=False,
        verbose_name=_("successor"),
    )

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["parent", "code"], name="division_by_parent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code=NATION, level=Level.NATION, parent=None)
                | one_level_down(Level.PROVINCE)
                | one_level_down(Level.CITY)
                | one_level_down(Level.COUNTY)
                | one_level_down(Level.TOWNSHIP)
                | one_level_down(Level.VILLAGE),
                name="division_code_is_the_path",
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
        """The 12-digit form of the statistical lists; not unique (Dongguan, Zhongshan, Jinmen)."""
        return self.code.ljust(DIGITS[Level.VILLAGE], "0")

    def is_in_force(self, on: date) -> bool:
        """Whether the division exists on `on`; the day it ended on is the first without it."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or self.valid_to > on)
