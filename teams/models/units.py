import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import DIGITS, Division, Level
from divisions.queries import codes_above
from divisions.scope import (
    EverywhereManager,
    Posted,
    ScopedManager,
    ScopedQuerySet,
    in_range,
    in_reach,
)
from officers.models import Officer

ID_FIELD = "teams.cadre.id"
PHONE_FIELD = "teams.cadre.phone"


class UnitLevel(models.TextChoices):
    CENTRAL = "central", _("central")
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township")


class UnitKind(models.TextChoices):
    ORGAN = "organ", _("Party or state organ")
    INSTITUTION = "institution", _("public institution")
    ENTERPRISE = "enterprise", _("state enterprise")
    FINANCE = "finance", _("bank or insurer")
    UNIVERSITY = "university", _("university or research institute")
    ARMY = "army", _("army or police")
    OTHER = "other", _("other")


class UnitQuerySet(ScopedQuerySet):
    def visible_to(self, officer: Posted) -> Self:
        """Units recorded within the posting or above it, and those that support a place in it.

        None without a posting.
        """
        condition = in_reach("division_id", officer.reach) | in_reach(
            "counterpart_id", officer.reach
        )
        for code in officer.reach:
            condition |= Q(division_id__in=["0", *codes_above(code)])
        return self.filter(condition)

    def standing(self) -> Self:
        """Units that still send people."""
        return self.filter(ended_on=None)


class Unit(models.Model):
    """A sponsoring unit: an organ, institution or enterprise that sends people to villages.

    `division` keeps its record; `counterpart` is the place that it supports, where one is fixed.
    """

    name = models.CharField(_("name"), max_length=100)
    level = models.CharField(_("level"), max_length=10, choices=UnitLevel)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("recorded at")
    )
    counterpart = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place that it supports"),
    )
    ended_on = models.DateField(_("sends nobody since"), null=True, blank=True)
    version = models.IntegerField(default=1)

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(UnitQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name"],
                name="a_unit_has_one_record_at_a_place",
                violation_error_message=_("This unit is recorded already."),
            )
        ]
        indexes = [models.Index(fields=["counterpart"], name="unit_by_counterpart")]

    def __str__(self) -> str:
        return self.name


class Sex(models.TextChoices):
    MALE = "1", _("male")
    FEMALE = "2", _("female")


class Education(models.TextChoices):
    SECONDARY = "secondary", _("secondary school or below")
    COLLEGE = "college", _("junior college")
    BACHELOR = "bachelor", _("bachelor")
    MASTER = "master", _("master or above")


class Rank(models.TextChoices):
    """The rank by which helpers are counted. Source: domain, coverage."""

    PROVINCE_LEADER = "province_leader", _("provincial leader")
    CITY_LEADER = "city_leader", _("city leader")
    COUNTY_LEADER = "county_leader", _("county leader")
    OFFICIAL = "official", _("official below county leader")


class CadreQuerySet(ScopedQuerySet):
    def visible_to(self, officer: Posted) -> Self:
        """Cadres recorded within the posting, and those with a term, a pairing or a dispatch there.

        What is over counts: a place keeps reading of whoever served in it, even once another county
        keeps the record. Of dispatches only those under way.
        """
        condition = Q(pk__in=[])
        for code in officer.reach:
            condition |= _tied_to(code)
        return self.filter(condition)


def _tied_to(code: str) -> Q:
    """The condition that a cadre has something to do with a place.

    A county or less is gathered from its few rows. In a province nearly everybody is recorded, so
    each row is looked at in turn and the other tables are read only for those who are not.
    """
    kept = in_range("division_id", code)
    others = [_of("Term", code), _of("Pairing", code), _of("Candidacy", code, case__closed_at=None)]
    if len(code) < DIGITS[Level.COUNTY]:
        for other in others:
            kept |= Q(pk__in=other)
        return kept
    return Q(pk__in=Cadre.everywhere.filter(kept).order_by().values("pk").union(*others))


def _of(model: str, code: str, **more: object) -> models.QuerySet:
    """The keys of those whom rows of a model tie to the villages of a place."""
    kind = Cadre._meta.apps.get_model("teams", model)
    rows = kind._base_manager.filter(in_range("village_id", code), **more)
    return rows.order_by().values("cadre")


class Cadre(models.Model):
    """Somebody who serves in a village or helps households there, with or without an account.

    `division` is the county that keeps the record. The number stays for life; the ID number is
    sealed, and its blind index holds that one person has one record in the nation.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=12, unique=True, db_collation="C")
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("recorded at")
    )
    name = models.CharField(_("name"), max_length=50)
    id_sealed = models.BinaryField(null=True)
    id_blind = models.UUIDField(null=True, blank=True)
    phone_sealed = models.BinaryField(null=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True, default="")
    born = models.DateField(_("birth date"), null=True, blank=True)
    education = models.CharField(
        _("education"), max_length=10, choices=Education, blank=True, default=""
    )
    party_member_since = models.DateField(_("full Party member since"), null=True, blank=True)
    working_since = models.DateField(_("working since"), null=True, blank=True)
    is_healthy = models.BooleanField(_("in good health"), null=True, blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cadres",
        verbose_name=_("sponsoring unit"),
    )
    title = models.CharField(_("position in the unit"), max_length=50, blank=True, default="")
    rank = models.CharField(_("rank"), max_length=20, choices=Rank, default=Rank.OFFICIAL)
    account = models.OneToOneField(
        Officer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    version = models.IntegerField(default=1)
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(CadreQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_blind"],
                name="a_person_has_one_cadre_record",
                violation_error_message=_("Somebody with this ID number is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(id_sealed=None, id_blind=None)
                | Q(id_sealed__isnull=False, id_blind__isnull=False),
                name="a_sealed_cadre_number_is_indexed",
            ),
            models.CheckConstraint(
                condition=Q(working_since=None) | Q(born=None) | Q(working_since__gt=F("born")),
                name="work_begins_after_birth",
                violation_error_message=_("The work begins after the birth."),
            ),
        ]
        indexes = [models.Index(fields=["division", "number"], name="cadre_by_division")]

    def __str__(self) -> str:
        return self.name
