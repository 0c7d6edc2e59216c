"""The lists of poor villages and counties of a place: who stands there, who left, who may leave."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from divisions.models import DIGITS, Division, Level
from divisions.scope import in_range
from exits.models import ListedPlace
from exits.procedure import COUNTY_EXIT, VILLAGE_EXIT
from exits.queries.figures import COUNTY_DIGITS, Figures, figures_of, incidence_text
from exits.rules.shares import limit_percent
from exits.rules.villages import exit_faults, incidence_faults
from households.models import VillageRecord
from households.rights import FEWEST_COUNTED, is_hidden_count, shown_count
from officers.models import Officer
from trail.dates import business_date
from trail.rules import digest
from workflow.machine import Fault, gettext_noop
from workflow.models import Case
from workflow.procedures import machine_of
from workflow.queries import open_cases_of

PAGE_ROWS = 50


def listed_places(officer: Officer, level: Level) -> QuerySet[ListedPlace]:
    """The listed villages or counties within the posting, by code."""
    found = ListedPlace.objects.visible_to(officer).filter(division__level=level)
    return found.select_related("division__parent", "case").order_by("division_id")


def default_year(place: str) -> int:
    """The latest year with a village's record at or below a county, else this year.

    Above the county nothing depends on it but which indicators are listed.
    """
    if len(place) < COUNTY_DIGITS:
        return business_date().year
    records = VillageRecord.everywhere.within(place).filter(year__lte=business_date().year)
    year: int | None = records.order_by("-year").values_list("year", flat=True).first()
    return year or business_date().year


@dataclass(frozen=True)
class Shown:
    """The figures of a village as a role may see them; `faults` keep it on the list.

    Whoever does not read names is not told of few poor persons, nor of the incidence behind them.
    """

    figures: Figures
    poor: str
    poor_households: str
    incidence: str
    drawn: int | None
    faults: list[Fault]

    @property
    def limit(self) -> str:
        """The limit of the incidence."""
        return limit_percent(self.figures.limit_bp)

    @property
    def seen(self) -> str:
        """The digest of the facts, for a proposal on just these."""
        return digest(self.figures.facts)

    @property
    def words(self) -> list[str]:
        """The faults in words."""
        return [_(one.text) % one.values for one in self.faults]

    @property
    def met(self) -> int:
        """How many indicators are met."""
        return sum(one.met is True for one in self.figures.results)

    @property
    def asked(self) -> int:
        """How many indicators are asked."""
        return len(self.figures.indicators)


def shown(officer: Officer, figures: Figures) -> Shown:
    """The figures as the acting role may see them."""
    hidden = is_hidden_count(officer, figures.poor)
    few = figures.poor if not hidden else FEWEST_COUNTED
    count = figures.count
    drawn = few if count.population else None
    text = incidence_text(count)
    judged = [one for one in figures.results if one.field]
    return Shown(
        figures=figures,
        poor=shown_count(officer, figures.poor),
        poor_households=shown_count(officer, figures.poor_households),
        incidence=_("hidden") if hidden and count.population else text,
        drawn=drawn,
        faults=[
            *figures.year_faults,
            *_told(exit_faults(count, judged), [*incidence_faults(count)] if hidden else []),
        ],
    )


def _told(faults: Sequence[Fault], hidden: Sequence[Fault]) -> list[Fault]:
    """The faults, without the numbers of those that would tell of few."""
    plain = Fault(gettext_noop("The incidence is not below the limit."))
    return [plain if one in hidden else one for one in faults]


@dataclass(frozen=True)
class VillageRow:
    """A village of the list with its figures, None once it exited, and its open case, or None."""

    listed: ListedPlace
    shown: Shown | None
    case: Case | None
    state: str

    @property
    def may_go(self) -> bool:
        """Whether its exit may be proposed now."""
        return self.case is None and self.shown is not None and not self.shown.faults


@dataclass(frozen=True)
class VillagePage:
    """One page of the villages of a county or township; `number` counts from 1."""

    rows: list[VillageRow]
    count: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether more follow."""
        return self.number * PAGE_ROWS < self.count


def village_page(officer: Officer, place: str, year: int, *, number: int) -> VillagePage:
    """The listed villages at or below a county, those that are still on the list first."""
    found = listed_places(officer, Level.VILLAGE).filter(in_range("division_id", place))
    ordered = found.order_by(F("exited_on").desc(nulls_first=True), "division_id")
    start = (number - 1) * PAGE_ROWS
    listed = list(ordered[start : start + PAGE_ROWS])
    return VillagePage(village_rows(officer, listed, year), found.count(), number)


def village_rows(officer: Officer, listed: Sequence[ListedPlace], year: int) -> list[VillageRow]:
    """The rows of villages of one county."""
    waiting = [one.division_id for one in listed if one.exited_on is None]
    figures, cases = figures_of(waiting, year), open_cases_of(VILLAGE_EXIT.kind, waiting)
    return [
        VillageRow(
            one,
            shown(officer, figures[one.division_id]) if one.division_id in figures else None,
            cases.get(one.division_id),
            state_of(one, cases.get(one.division_id)),
        )
        for one in listed
    ]


def state_of(listed: ListedPlace, case: Case | None) -> str:
    """Where a listed place stands, in words."""
    if listed.exited_on is not None:
        return _("exited in %(year)s") % {"year": listed.exit_year}
    if case is None:
        return _("on the list")
    return _(machine_of(case.kind).states[case.state])


@dataclass(frozen=True)
class Total:
    """How many places of a list lie at or below a division, and how many of them exited."""

    division: Division
    listed: int
    exited: int

    @property
    def left(self) -> int:
        """Those that still stand on the list."""
        return self.listed - self.exited


def totals_below(officer: Officer, place: Division, level: Level) -> list[Total]:
    """The places right below one, each with its part of the list. Two queries."""
    below = list(Division.objects.in_force(business_date()).below(place.pk))
    if not below:
        return []
    found = listed_places(officer, level).filter(in_range("division_id", place.pk))
    digits = DIGITS[Level(below[0].level)]
    counted = (
        found.select_related(None)
        .order_by()
        .annotate(part=Substr("division_id", 1, digits))
        .values("part")
        .annotate(listed=Count("pk"), exited=Count("pk", filter=Q(exited_on__isnull=False)))
    )
    by_part = {one["part"]: (one["listed"], one["exited"]) for one in counted}
    return [Total(one, *by_part[one.pk]) for one in below if one.pk in by_part]


@dataclass(frozen=True)
class CountyRow:
    """A county of the list: its villages on the list, how many of them exited, its open case."""

    listed: ListedPlace
    villages: int
    exited: int
    case: Case | None
    state: str


def county_rows(officer: Officer, place: str) -> list[CountyRow]:
    """The listed counties at or below a place. Four queries."""
    listed = list(listed_places(officer, Level.COUNTY).filter(in_range("division_id", place)))
    codes = [one.division_id for one in listed]
    villages = (
        ListedPlace.objects.visible_to(officer)
        .filter(in_range("division_id", place), division__level=Level.VILLAGE)
        .order_by()
        .annotate(county=Substr("division_id", 1, COUNTY_DIGITS))
        .values("county")
        .annotate(number=Count("pk"), exited=Count("pk", filter=Q(exited_on__isnull=False)))
    )
    by_county = {one["county"]: one for one in villages}
    cases = open_cases_of(COUNTY_EXIT.kind, codes)
    none = {"number": 0, "exited": 0}
    return [
        CountyRow(
            one,
            by_county.get(one.division_id, none)["number"],
            by_county.get(one.division_id, none)["exited"],
            cases.get(one.division_id),
            state_of(one, cases.get(one.division_id)),
        )
        for one in listed
    ]
