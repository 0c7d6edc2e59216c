from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assistance.rules.measures import CapBasis, Category, Per, Repeats, Sector, Terms, Unit
from divisions.models import Division
from households import codes
from officers.models import Officer

UNIT_NAMES: dict[str, Promise] = {
    Unit.VILLAGE: _("village"),
    Unit.HOUSEHOLD: _("household"),
    Unit.PERSON: _("person"),
}
SECTOR_NAMES: dict[str, Promise] = {
    Sector.AGRICULTURE: _("agriculture and rural affairs"),
    Sector.FINANCE: _("finance and banks"),
    Sector.LABOUR: _("human resources and social security"),
    Sector.FORESTRY: _("forestry and grassland"),
    Sector.DEVELOPMENT: _("development and reform"),
    Sector.EDUCATION: _("education department"),
    Sector.HEALTH: _("health department"),
    Sector.INSURANCE: _("healthcare security"),
    Sector.HOUSING: _("housing and construction"),
    Sector.CIVIL_AFFAIRS: _("civil affairs"),
    Sector.DISABLED: _("disabled persons' federation"),
    Sector.TRANSPORT: _("transport"),
    Sector.WATER: _("water resources"),
    Sector.ENERGY: _("energy and power grid"),
    Sector.COMMERCE: _("commerce"),
    Sector.RELIEF: _("emergency management"),
    Sector.POVERTY_OFFICE: _("poverty alleviation office"),
}
REPEAT_NAMES: dict[str, Promise] = {
    Repeats.FREE: _("as often as needed"),
    Repeats.YEARLY: _("once a year"),
    Repeats.ONCE: _("once only"),
}
PER_NAMES: dict[str, Promise] = {
    Per.ONCE: _("once"),
    Per.MONTH: _("a month"),
    Per.YEAR: _("a year"),
    Per.MU: _("a mu"),
    Per.HEAD: _("a person"),
}
CAP_NAMES: dict[str, Promise] = {
    CapBasis.ITEM: _("each time"),
    CapBasis.YEAR: _("in a year"),
    CapBasis.TOTAL: _("in all years together"),
    CapBasis.OWED: _("owed at a time"),
}


def choices(names: dict[str, Promise]) -> list[tuple[str, Promise]]:
    """The choices of a field, in the order of the names."""
    return [(str(key), name) for key, name in names.items()]


class Measure(models.Model):
    """One version of a measure of the catalogue, as it holds below a division from a year on.

    The nearest division that speaks wins (county, city, province, nation); there, the latest year
    not after the asked one; there, the highest version. Append-only: a change is a new version, and
    a plan keeps the version that it was agreed under. A version that is not offered withdraws the
    measure there. `conditions` are tests as data (`rules.eligibility`); `confirmations` and
    `documents` are lists of {"zh", "en"}: what the planner confirms, what the file must hold.
    """

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("from year"))
    code = models.CharField(
        _("code"),
        max_length=20,
        db_collation="C",
        validators=[RegexValidator(r"^[A-Z]{3,4}(-[A-Z0-9]{1,12})?\Z")],
    )
    version = models.SmallIntegerField(default=1)
    category = models.CharField(_("category"), max_length=4, choices=codes.choices("need"))
    unit = models.CharField(_("for whom"), max_length=10, choices=choices(UNIT_NAMES))
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80)
    sector = models.CharField(
        _("department in charge"), max_length=20, choices=choices(SECTOR_NAMES)
    )
    order = models.SmallIntegerField(_("place in the catalogue"), default=500)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    confirmations = models.JSONField(_("to be confirmed"), default=list, blank=True)
    documents = models.JSONField(_("documents"), default=list, blank=True)
    group = models.CharField(
        _("shuts out others of the group"), max_length=20, blank=True, default=""
    )
    repeats = models.CharField(
        _("how often"), max_length=8, choices=choices(REPEAT_NAMES), default=Repeats.FREE
    )
    typical_low = models.DecimalField(
        _("typical amount, from (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    typical_high = models.DecimalField(
        _("typical amount, to (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    typical_per = models.CharField(
        _("counted by"), max_length=8, choices=choices(PER_NAMES), default=Per.ONCE
    )
    cap = models.DecimalField(
        _("most (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cap_basis = models.CharField(
        _("counted over"), max_length=8, choices=choices(CAP_NAMES), default=CapBasis.ITEM
    )
    most_months = models.SmallIntegerField(_("longest term, months"), null=True, blank=True)
    offered = models.BooleanField(_("offered"), default=True)
    income_kind = models.CharField(max_length=20, blank=True, default="")
    source = models.CharField(_("source"), max_length=200)
    set_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "code", "year", "version"],
                name="measure_version_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(typical_low=None, typical_high=None)
                | Q(typical_low__gte=0, typical_high__gte=F("typical_low")),
                name="a_typical_amount_has_two_ends",
                violation_error_message=_("Give the typical amount from the lower to the higher."),
            ),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(cap__gt=0),
                name="a_cap_is_above_zero",
                violation_error_message=_("A cap is more than zero; leave it empty for none."),
            ),
            models.CheckConstraint(
                condition=Q(most_months=None) | Q(most_months__range=(1, 600)),
                name="a_longest_term_is_1_to_600_months",
                violation_error_message=_("Give the longest term as 1 to 600 months."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"

    @property
    def name(self) -> str:
        """Its name in the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en

    @property
    def terms(self) -> Terms:
        """What decides about it, as values for the rules."""
        return Terms(
            code=self.code,
            category=Category(self.category),
            unit=Unit(self.unit),
            order=self.order,
            conditions=tuple(self.conditions),
            group=self.group,
            repeats=Repeats(self.repeats),
            cap=self.cap,
            cap_basis=CapBasis(self.cap_basis),
            most_months=self.most_months,
            confirmations=tuple(one["en"] for one in self.confirmations),
        )
