from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager, ScopedQuerySet
from officers.models import Officer
from workflow.models import Case


class ListedPlace(models.Model):
    """A village or county on the list of poor ones: since when, and by which case it left.

    Its level says which it is. `source` names the decision that listed it.
    """

    division = models.OneToOneField(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    listed_on = models.DateField(_("listed on"))
    source = models.CharField(_("source"), max_length=200)
    listed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    exited_on = models.DateField(_("exited on"), null=True, blank=True)
    exit_year = models.SmallIntegerField(_("exit year"), null=True, blank=True)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="listed_place"
    )

    objects = ScopedManager()
    everywhere = EverywhereManager.from_queryset(ScopedQuerySet)()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["division_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(exited_on=None, exit_year=None, case=None)
                | Q(exited_on__isnull=False, exit_year__isnull=False),
                name="a_place_that_exited_has_its_year",
            )
        ]

    def __str__(self) -> str:
        return self.division_id


class IndicatorQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Versions that can hold: those of the program, and those that two officers agreed on."""
        return self.filter(Q(set_by=None) | Q(confirmed_by__isnull=False))


class Indicator(models.Model):
    """One indicator that a place asks of an exit, as it holds from a year on. Append-only.

    `field` is a field of the village's record (households/data/village_fields.csv), "" where
    somebody judges it. It is met when the figure is at least `least` and at most `most`, or true;
    one that vetoes stops the exit, another one is reported. The nearest division that speaks wins;
    there the latest year, there the highest version; one that is not asked withdraws it there.
    Counties are judged by it, so a version holds once another officer has confirmed it.
    """

    class About(models.TextChoices):
        VILLAGE = "village", _("village")

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("from year"))
    about = models.CharField(_("of what"), max_length=10, choices=About)
    code = models.CharField(_("code"), max_length=20, db_collation="C")
    version = models.SmallIntegerField(default=1)
    order = models.SmallIntegerField(default=100)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80)
    field = models.CharField(_("figure of the record"), max_length=30, blank=True, default="")
    least = models.DecimalField(
        _("at least"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    most = models.DecimalField(_("at most"), max_digits=14, decimal_places=2, null=True, blank=True)
    vetoes = models.BooleanField(_("stops the exit"), default=True)
    asked = models.BooleanField(_("is asked"), default=True)
    source = models.CharField(_("source"), max_length=200)
    set_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["about", "order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("set_by"))
                ),
                name="an_indicator_is_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["division", "about", "code", "year", "version"],
                name="indicator_version_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.code}"

    @property
    def waits(self) -> bool:
        """Whether it holds for nobody yet, because nobody has confirmed it."""
        return bool(self.set_by_id) and not self.confirmed_by_id

    @property
    def name(self) -> str:
        """Its name in the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Judgement(models.Model):
    """What somebody found about an indicator without a figure, for the case of an exit.

    `at_version` is that of the case: a judgement counts no more once the case went back since.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="judgements")
    code = models.CharField(max_length=20, db_collation="C")
    met = models.BooleanField(_("met"))
    note = models.CharField(_("what was found"), max_length=200)
    judged_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    judged_on = models.DateField(_("day"))
    at_version = models.IntegerField(default=1)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class Evaluation(models.Model):
    """The result of the special evaluation of a county: counts of its sample. Append-only.

    Rates are counted from these numbers exactly (`rules.counties`). A correction is a new one.
    `on_record` are the counts that the register had by then: where they differ, somebody says why.
    `at_version` is that of the case: a result counts no more once the case went back since.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="evaluations")
    evaluator = models.CharField(_("who evaluated"), max_length=100)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    exited_sampled = models.IntegerField(_("exited persons in the sample"))
    wrongly_exited = models.IntegerField(_("of them wrongly exited"))
    unregistered_sampled = models.IntegerField(_("persons never registered in the sample"))
    missed = models.IntegerField(_("of them missed"))
    households_asked = models.IntegerField(_("households asked"))
    households_approving = models.IntegerField(_("of them approving"))
    remaining_poor = models.IntegerField(_("persons still on the register"))
    exited_total = models.IntegerField(_("exited persons of the county"))
    unregistered_total = models.IntegerField(_("persons never registered of the county"))
    rural_population = models.IntegerField(_("rural registered population"))
    explanation = models.CharField(
        _("why it differs from the register"), max_length=500, blank=True, default=""
    )
    on_record = models.JSONField(default=dict)
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(db_default=Now())
    at_version = models.IntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="an_evaluation_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{part}__gte": 0, f"{part}__lte": F(whole)}),
                    name=f"{part}_is_a_part",
                    violation_error_message=_("A part is larger than its whole."),
                )
                for part, whole in (
                    ("wrongly_exited", "exited_sampled"),
                    ("missed", "unregistered_sampled"),
                    ("households_approving", "households_asked"),
                    ("remaining_poor", "rural_population"),
                )
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{part}__lte": F(whole)}),
                    name=f"{part}_is_of_the_county",
                    violation_error_message=_("A part is larger than its whole."),
                )
                for part, whole in (
                    ("exited_sampled", "exited_total"),
                    ("unregistered_sampled", "unregistered_total"),
                )
            ),
            models.CheckConstraint(
                condition=Q(rural_population__gt=0), name="somebody_lives_in_the_county"
            ),
            models.CheckConstraint(
                condition=Q(
                    rural_population__gte=F("remaining_poor")
                    + F("exited_total")
                    + F("unregistered_total")
                ),
                name="all_counted_live_in_the_county",
                violation_error_message=_("A part is larger than its whole."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.evaluator}"
