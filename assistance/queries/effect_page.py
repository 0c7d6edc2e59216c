"""What help comes to, as a role may see it: the page of a place and its tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assistance.models import Measure
from assistance.models.catalogue import UNIT_NAMES
from assistance.queries.catalogue import catalogue_of
from assistance.queries.effect import Asked, Figures, Lifted, Sums, figures, satisfaction_in
from assistance.queries.effect_incomes import IncomeFigures, income_figures
from assistance.queries.eligible import Eligible, eligible_for
from assistance.queries.evaluations import SATISFACTION_NAMES
from assistance.rules.effect import BAND_EDGES, cost_each, share
from assistance.rules.measures import Category, Unit
from divisions.models import Division, Level
from divisions.scope import NATION
from households import codes
from households.explain import LABELS
from households.rights import ShownCounts, shown_counts
from households.rules import GUARANTEES, INCOMES
from households.suppression import Key, Sum, total
from officers.models import Officer

PAIRS, COMPARED, BASE_PERSONS = ("pairs",), ("compared",), ("persons",)
FEN = Decimal("0.01")


@dataclass(frozen=True)
class PlaceRow:
    """A place: whom help reaches of its base, what is delivered in yuan, what an exit cost.

    Texts and None hide what the role may not be told of few households.
    """

    division: Division
    base: str
    households: str
    percent: Decimal | None
    delivered: Decimal | None
    village_delivered: Decimal | None
    lifted: str
    cost_each: Decimal | None


@dataclass(frozen=True)
class KeyRow:
    """A category or a measure: whom it reaches and what it costs in yuan.

    `eligible_percent` is of those who may have it, None where that is not counted. `persons` have
    a measure for a person, in percent of all persons of the base; empty where nobody has.
    """

    key: str
    label: str
    unit: str | Promise
    households: str
    percent: Decimal | None
    eligible: str
    eligible_percent: Decimal | None
    persons: str
    persons_percent: Decimal | None
    planned: Decimal | None
    delivered: Decimal | None
    village_delivered: Decimal | None


@dataclass(frozen=True)
class BandRow:
    """A band of income: how many helped households lie in it, before and after; drawn likewise."""

    label: str
    before: str
    after: str
    drawn: tuple[int, int]


@dataclass(frozen=True)
class IncomeRow:
    """Yuan a person of one kind of income before and after; None where the role may not know."""

    label: str | Promise
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """How much more it is."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class MendedRow:
    """A guarantee: how many households lacked it before, and how many of them have it."""

    label: str | Promise
    lacked: str
    mended: str


@dataclass(frozen=True)
class EffectPage:
    """The page of a place. A village has no parts; `by_measure` says what the keys are."""

    asked: Asked
    total: PlaceRow
    parts: list[PlaceRow]
    keys: list[KeyRow]
    by_measure: bool
    counts_eligible: bool
    compared: str
    helped: str
    incomes: list[IncomeRow]
    bands: list[BandRow]
    mended: list[MendedRow]
    satisfaction: list[tuple[str | Promise, str]]
    evaluated: str


def effect_page(officer: Officer, place: Division, asked: Asked, *, today: date) -> EffectPage:
    """What help comes to in a place within the officer's posting; not of the nation.

    Four statements over its rows; one more counts who may have each measure, for a county or a
    place in it where measures are told one by one.
    """
    found = figures(asked, today=today)
    incomes = income_figures(asked, today=today)
    grades = satisfaction_in(asked, today=today)
    measures = catalogue_of(place.pk, asked.on(today).year)
    by_measure = bool(asked.category or asked.measure)
    counts_eligible = by_measure and place.level >= Level.COUNTY and not asked.is_past(today)
    told = [one for code, one in measures.items() if code in found.keys or asked.wants(one)]
    eligible = eligible_for(asked, told, today=today) if counts_eligible else {}
    shown = _shown(officer, place.pk, found, incomes, grades, eligible)
    below = _below(place, found, today)
    return EffectPage(
        asked=asked,
        total=_place_row(place, found.whole, _whole_base(found), _whole_lifted(found), shown),
        parts=[
            _place_row(
                one,
                found.places.get(one.pk, Sums()),
                found.base.get(one.pk, 0),
                found.lifted.get(one.pk, Lifted()),
                shown,
            )
            for one in below
        ],
        keys=_measure_rows(found, told, eligible, shown)
        if by_measure
        else _category_rows(found, shown),
        by_measure=by_measure,
        counts_eligible=counts_eligible,
        compared=shown.text(COMPARED),
        helped=shown.text((place.pk, "helped")),
        incomes=_income_rows(incomes, shown),
        bands=_band_rows(shown),
        mended=[
            MendedRow(LABELS[name], shown.text((name, "lacked")), shown.text((name, "mended")))
            for name in GUARANTEES
            if incomes.mended[name][0]
        ],
        satisfaction=[
            (name, shown.text((grade, "satisfied"))) for grade, name in SATISFACTION_NAMES.items()
        ],
        evaluated=shown.text(("evaluated",)),
    )


def _whole_base(found: Figures) -> int:
    return sum(found.base.values())


def _whole_lifted(found: Figures) -> Lifted:
    every = found.lifted.values()
    return Lifted(
        sum(one.households for one in every), sum((one.delivered for one in every), Decimal(0))
    )


def _below(place: Division, found: Figures, today: date) -> list[Division]:
    """The divisions right below in code order: those in force, and others that hold rows."""
    if place.level == Level.VILLAGE or place.pk == NATION:
        return []
    below = {one.pk: one for one in Division.objects.in_force(today).below(place.pk)}
    held = {*found.base, *found.places, *found.lifted} - set(below)
    below |= Division.objects.in_bulk(held)
    return [below[code] for code in sorted(below)]


def _shown(
    officer: Officer,
    code: str,
    found: Figures,
    incomes: IncomeFigures,
    grades: Mapping[int, int],
    eligible: Mapping[str, Eligible],
) -> ShownCounts:
    """All counts of the page with the sums that would tell hidden ones."""
    counts: dict[Key, int] = {}
    sums: list[Sum] = []

    def add_place(place: str, base: int, helped: int, lifted: int) -> None:
        counts[place, "base"], counts[place, "helped"] = base, helped
        counts[place, "without"], counts[place, "lifted"] = base - helped, lifted
        sums.append(total((place, "base"), [(place, "helped"), (place, "without")]))

    places = {*found.base, *found.places, *found.lifted}
    for place in places:
        add_place(
            place,
            found.base.get(place, 0),
            found.places.get(place, Sums()).households,
            found.lifted.get(place, Lifted()).households,
        )
    if code not in places:
        add_place(code, _whole_base(found), found.whole.households, _whole_lifted(found).households)
        names = ("base", "helped", "without", "lifted")
        sums += [total((code, name), [(one, name) for one in places]) for name in names]
    for key, one in found.keys.items():
        counts[key, "key"], counts[key, "rest"] = (
            one.households,
            _whole_base(found) - one.households,
        )
        counts[key, "persons"] = found.persons.get(key, 0)
        counts[key, "others"] = found.base_persons - counts[key, "persons"]
        sums.append(total((code, "base"), [(key, "key"), (key, "rest")]))
        sums.append(total(BASE_PERSONS, [(key, "persons"), (key, "others")]))
    counts[BASE_PERSONS] = found.base_persons
    counts[PAIRS] = sum(one.households for one in found.keys.values())
    sums.append(total(PAIRS, [(key, "key") for key in found.keys]))
    for key, may in eligible.items():
        counts[key, "may"], counts[key, "has"] = may.households, may.helped
        counts[key, "gap"] = may.households - may.helped
        sums.append(total((key, "may"), [(key, "has"), (key, "gap")]))
    _add_incomes(counts, sums, incomes)
    counts["evaluated",] = sum(grades.values())
    counts |= {(grade, "satisfied"): number for grade, number in grades.items()}
    sums.append(total(("evaluated",), [(grade, "satisfied") for grade in grades]))
    return shown_counts(officer, counts, sums)


def _add_incomes(counts: dict[Key, int], sums: list[Sum], incomes: IncomeFigures) -> None:
    counts[COMPARED] = incomes.compared
    for when, numbers in (("before", incomes.before), ("after", incomes.after)):
        counts |= {(band, when): number for band, number in enumerate(numbers)}
        sums.append(total(COMPARED, [(band, when) for band in range(len(numbers))]))
    for name, (lacked, mended) in incomes.mended.items():
        counts[name, "lacked"], counts[name, "mended"] = lacked, mended
        counts[name, "still"] = lacked - mended
        sums.append(total((name, "lacked"), [(name, "mended"), (name, "still")]))


def _place_row(
    division: Division, sums: Sums, base: int, lifted: Lifted, shown: ShownCounts
) -> PlaceRow:
    code = division.pk
    is_few = shown.is_hidden((code, "helped")) or shown.is_hidden(PAIRS)
    no_share = shown.is_hidden((code, "helped")) or shown.is_hidden((code, "base"))
    no_cost = shown.is_hidden((code, "lifted"))
    return PlaceRow(
        division=division,
        base=shown.text((code, "base")),
        households=shown.text((code, "helped")),
        percent=None if no_share else share(sums.households, base),
        delivered=None if is_few else sums.delivered,
        village_delivered=sums.village_delivered,
        lifted=shown.text((code, "lifted")),
        cost_each=None if no_cost else cost_each(lifted.delivered, lifted.households),
    )


def _category_rows(found: Figures, shown: ShownCounts) -> list[KeyRow]:
    names = dict(codes.choices("need"))
    return [
        _key_row(key.value, str(names[key.value]), "", found, shown)
        for key in Category
        if key.value in found.keys
    ]


def _measure_rows(
    found: Figures,
    told: Iterable[Measure],
    eligible: Mapping[str, Eligible],
    shown: ShownCounts,
) -> list[KeyRow]:
    """The measures of the catalogue, and those that stand in plans but are offered no more."""
    known = {one.code: one for one in told}
    gone = Measure.objects.filter(code__in=set(found.keys) - set(known)).order_by("code", "-pk")
    known |= {one.code: one for one in gone.distinct("code")}
    return [
        _key_row(
            one.code, one.name, UNIT_NAMES[Unit(one.unit)], found, shown, eligible.get(one.code)
        )
        for one in sorted(known.values(), key=lambda m: (m.order, m.code))
    ]


def _key_row(
    key: str,
    label: str,
    unit: str | Promise,
    found: Figures,
    shown: ShownCounts,
    may: Eligible | None = None,
) -> KeyRow:
    sums, base = found.keys.get(key, Sums()), _whole_base(found)
    persons = found.persons.get(key, 0)
    is_few = shown.is_hidden((key, "key"))
    hides_gap = shown.is_hidden((key, "has")) or shown.is_hidden((key, "may"))
    return KeyRow(
        key=key,
        label=label,
        unit=unit,
        households=shown.text((key, "key")),
        percent=None if is_few else share(sums.households, base),
        eligible=shown.text((key, "may")) if may else "",
        eligible_percent=share(may.helped, may.households) if may and not hides_gap else None,
        persons=shown.text((key, "persons")) if persons else "",
        persons_percent=share(persons, found.base_persons)
        if persons and not shown.is_hidden((key, "persons"))
        else None,
        planned=None if is_few else sums.planned,
        delivered=None if is_few else sums.delivered,
        village_delivered=sums.village_delivered,
    )


def _income_rows(incomes: IncomeFigures, shown: ShownCounts) -> list[IncomeRow]:
    if shown.is_hidden(COMPARED) or not incomes.incomes:
        return []
    labels = {name: LABELS[name] for name in INCOMES} | {
        "business_income": _("Business income, net"),
        "net": _("Net income"),
    }
    return [
        IncomeRow(labels[name], before.quantize(FEN), after.quantize(FEN))
        for name, (before, after) in incomes.incomes.items()
    ]


def _band_rows(shown: ShownCounts) -> list[BandRow]:
    return [
        BandRow(
            label,
            shown.text((band, "before")),
            shown.text((band, "after")),
            (shown.drawn((band, "before")), shown.drawn((band, "after"))),
        )
        for band, label in enumerate(band_labels())
    ]


def band_labels() -> list[str]:
    """The bands in words of yuan, the lowest first."""
    pairs = pairwise(BAND_EDGES)
    return [
        _("below %(edge)s") % {"edge": BAND_EDGES[0]},
        *(f"{low}–{high}" for low, high in pairs),
        _("%(edge)s and more") % {"edge": BAND_EDGES[-1]},
    ]
