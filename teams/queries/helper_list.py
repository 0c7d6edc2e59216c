"""Those who help households: who, how many of how many, where; and coverage by their rank.

A helper is a cadre with a pairing in force; his load counts all his households, wherever they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from divisions.models import DIGITS, Level
from divisions.scope import reaches
from households.models import Household
from households.queries import visible_households
from households.rights import ShownCounts, reads_names, shown_counts
from households.suppression import Key, total
from officers.models import Officer
from teams.models import Cadre, Pairing, Rank, Term
from teams.models.terms import DatedQuerySet
from teams.queries.pairings import (
    counted,
    most_households,
    needing_helper,
    support_years,
    with_helper,
)
from teams.queries.visits import heads_of

COUNTY_DIGITS = DIGITS[Level.COUNTY]
PAGE_ROWS = 50
HELPING, FREE, LEFT = "helping", "free", "left"
KINDS = (HELPING, FREE, LEFT)
"""Those who help households, those with a free place, those who left and still have some."""

OFFERED_AT_MOST = 100
DUE, NONE = "due", "none"


@dataclass(frozen=True)
class Helper:
    """A cadre with his load: households of at most so many, wherever they are.

    `villages` are the names of those that lie within the posting of whoever reads.
    """

    cadre: Cadre
    households: int
    most: int
    villages: tuple[str, ...]
    since: date | None

    @property
    def free(self) -> int:
        """Places that are free."""
        return max(self.most - self.households, 0)

    @property
    def percent(self) -> int:
        """How full his places are, at most 100."""
        return min(self.households * 100 // self.most, 100)

    @property
    def is_over(self) -> bool:
        """Whether he has more households than the county allows now."""
        return self.households > self.most


@dataclass(frozen=True)
class HelperPage:
    """One page of helpers; `count` are all that the list holds."""

    helpers: list[Helper]
    count: int
    has_next: bool


def _loads(on: date) -> QuerySet[Pairing]:
    """Pairings that take a place on the day or are promised for later."""
    return counted().filter(Q(last_day=None) | Q(last_day__gte=on))


def _with_load(cadres: QuerySet[Any], on: date) -> QuerySet[Any]:
    """The cadres, each with `load`: households that he helps or is to help."""
    own = _loads(on).filter(cadre=OuterRef("pk")).order_by().values("cadre")
    number = own.annotate(number=Count("pk")).values("number")
    return cadres.annotate(load=Coalesce(Subquery(number, output_field=IntegerField()), 0))


def left_pairings(on: date) -> DatedQuerySet:
    """Pairings in force whose helper has gone since he was given the household.

    He has when his unit sends nobody any more, or when a term of his ended in the time of the
    pairing and none runs.
    """
    terms = Term.everywhere.filter(cadre=OuterRef("cadre"))
    runs = terms.filter(Q(last_day=None) | Q(last_day__gte=on))
    ended = terms.filter(last_day__lt=on, last_day__gte=OuterRef("starts_on"))
    gone = Q(cadre__unit__ended_on__lte=on) | (Exists(ended) & ~Exists(runs))
    return counted().in_force(on).filter(gone)


def helpers_in(officer: Officer, code: str, kind: str, on: date) -> QuerySet[Any]:
    """The cadres of a kind for the place `code`, within the officer's scope, with their load.

    Those with a free place are all of the county's roster who could take one more.
    """
    here = counted().in_force(on).within(code).filter(cadre=OuterRef("pk"))
    cadres = _with_load(Cadre.objects.visible_to(officer), on).select_related("unit")
    if kind == FREE:
        return available(cadres, code, on).order_by("load", "number")
    if kind == LEFT:
        gone = left_pairings(on).within(code).filter(cadre=OuterRef("pk"))
        return cadres.filter(Exists(gone)).order_by("-load", "number")
    return cadres.filter(Exists(here)).order_by("-load", "number")


def available(cadres: QuerySet[Any], code: str, on: date) -> QuerySet[Any]:
    """Of cadres with a load those of the county of `code` who serve on and have a free place."""
    terms = Term.everywhere.filter(cadre=OuterRef("pk"))
    runs = terms.filter(Q(last_day=None) | Q(last_day__gte=on))
    county = code[:COUNTY_DIGITS]
    return cadres.filter(
        Q(unit=None) | Q(unit__ended_on=None) | Q(unit__ended_on__gt=on),
        ~Exists(terms) | Exists(runs),
        division=county,
        load__lt=most_households(county, on.year),
    )


def offered(officer: Officer, code: str, on: date, *, unit: str = "") -> list[Helper]:
    """Helpers with a free place to choose from for the place `code`, at most OFFERED_AT_MOST.

    Those who help or serve there come first, then those with the most free places.
    """
    cadres = _with_load(Cadre.objects.visible_to(officer), on).select_related("unit")
    helps = counted().in_force(on).within(code).filter(cadre=OuterRef("pk"))
    serves = Term.everywhere.in_force(on).within(code).filter(cadre=OuterRef("pk"))
    found = available(cadres, code, on).annotate(near=Exists(helps) | Exists(serves))
    if unit:
        found = found.filter(unit__name__icontains=unit)
    return described(officer, found.order_by("-near", "load", "number")[:OFFERED_AT_MOST], on)


def helper_page(officer: Officer, code: str, kind: str, on: date, *, number: int) -> HelperPage:
    """Page `number` of the helpers of a kind."""
    found = helpers_in(officer, code, kind, on)
    first = (number - 1) * PAGE_ROWS
    rows = list(found[first : first + PAGE_ROWS + 1])
    return HelperPage(
        described(officer, rows[:PAGE_ROWS], on), found.count(), len(rows) > PAGE_ROWS
    )


def described(officer: Officer, cadres: Iterable[Any], on: date) -> list[Helper]:
    """Each cadre, which has a `load`, with his places and the villages that he goes to."""
    rows = list(cadres)
    villages: dict[int, dict[str, None]] = defaultdict(dict)
    since: dict[int, date] = {}
    pairings = _loads(on).filter(cadre__in=[one.pk for one in rows]).order_by("village_id")
    columns = ("cadre_id", "village_id", "village__name", "starts_on")
    for key, code, village, starts_on in pairings.values_list(*columns):
        if reaches(officer, code):
            villages[key][village] = None
        since[key] = min(since.get(key, starts_on), starts_on)
    most = {
        code: most_households(code, on.year) for code in dict.fromkeys(c.division_id for c in rows)
    }
    return [
        Helper(
            cadre=one,
            households=one.load,
            most=most[one.division_id],
            villages=tuple(villages[one.pk]),
            since=since.get(one.pk),
        )
        for one in rows
    ]


def helper_named(officer: Officer, number: str, on: date) -> Helper | None:
    """One cadre within the officer's scope by his number."""
    found = _with_load(Cadre.objects.visible_to(officer).filter(number=number), on)
    return next(iter(described(officer, found.select_related("unit"), on)), None)


def pairings_of(officer: Officer, cadre: Cadre) -> QuerySet[Pairing]:
    """The pairings of a cadre, now and before, in villages of the officer's posting."""
    found = Pairing.objects.visible_to(officer).filter(cadre=cadre)
    return found.select_related("household", "village").order_by("-starts_on", "village_id", "pk")


def still_helped(officer: Officer, cadre: Cadre, on: date) -> list[tuple[Pairing, str]]:
    """The pairings of a cadre that go on, each with its householder where the role reads names."""
    running = list(pairings_of(officer, cadre).filter(Q(last_day=None) | Q(last_day__gte=on)))
    names = reads_names(officer)
    heads = heads_of(one.household_id for one in running) if names else {}
    return [(one, heads.get(one.household_id, "")) for one in running]


@dataclass(frozen=True)
class RankRow:
    """Households whose helper has a rank; texts hide what the role may not be told."""

    label: str
    helpers: int
    households: str
    percent: int | None
    """Of the households that must have a helper, rounded down; None where it is hidden."""


@dataclass(frozen=True)
class RankCoverage:
    """Households of a place that must have a helper, by the rank of the one they have."""

    rows: list[RankRow]
    due: str
    none: str
    none_count: int
    """For a link to the list alone; 0 where it is hidden."""
    none_percent: int | None


def needing(officer: Officer, code: str, on: date) -> QuerySet[Household]:
    """The households in a county or below it that must have a helper, in the officer's scope."""
    years = support_years(code, on.year)
    return visible_households(officer).within(code).filter(needing_helper(on.year, years))


def coverage_by_rank(officer: Officer, code: str, on: date) -> RankCoverage:
    """Coverage of a county or a place in it; whoever has no helper is counted apart."""
    base = needing(officer, code, on)
    due = base.count()
    pairings = Pairing.objects.visible_to(officer).in_force(on)
    ranked = pairings.filter(household__in=base.values("pk")).order_by().values("cadre__rank")
    found = {
        row["cadre__rank"]: (row["helpers"], row["households"])
        for row in ranked.annotate(
            helpers=Count("cadre", distinct=True), households=Count("household")
        )
    }
    counts: dict[Key, int] = {rank.value: found.get(rank.value, (0, 0))[1] for rank in Rank}
    counts[NONE] = due - sum(counts.values())
    parts: Sequence[Key] = list(counts)
    counts[DUE] = due
    shown = shown_counts(officer, counts, [total(DUE, parts)])
    return RankCoverage(
        rows=[
            RankRow(
                label=str(rank.label),
                helpers=found.get(rank.value, (0, 0))[0],
                households=shown.text(rank.value),
                percent=_share(shown, rank.value),
            )
            for rank in Rank
        ],
        due=shown.text(DUE),
        none=shown.text(NONE),
        none_count=0 if shown.is_hidden(NONE) else counts[NONE],
        none_percent=_share(shown, NONE),
    )


def _share(shown: ShownCounts, key: Key) -> int | None:
    """The share of all that must have a helper, in percent; None where one of both is hidden."""
    if shown.is_hidden(key) or shown.is_hidden(DUE) or not shown.counts[DUE]:
        return None
    return shown.counts[key] * 100 // shown.counts[DUE]


def unhelped(officer: Officer, code: str, on: date) -> QuerySet[Household]:
    """The households that must have a helper and have none on the day, in no order."""
    return needing(officer, code, on).filter(~with_helper(on))


def waiting_for_helper(officer: Officer, on: date) -> QuerySet[Household]:
    """The same for the acting posting, if it lies within a county; none above."""
    code = officer.acting_division
    if len(code) < COUNTY_DIGITS:
        return visible_households(officer).none()
    return unhelped(officer, code, on)
