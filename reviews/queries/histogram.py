"""How far households are from the line, in bands of 2.5 % of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.rights import ShownCounts
from households.rules import ON_REGISTER, State
from reviews.charts import Bin, distance_histogram
from reviews.queries.keys import band_key, known_key
from reviews.rules import (
    BESIDE_THE_LINE,
    HIGHEST_BAND,
    LINE_BANDS,
    LOWEST_BAND,
    heaped,
    middle_band,
)

TABLE = "histogram-table"
GROUPS: dict[str, tuple[Promise, tuple[State, ...]]] = {
    "": (gettext_lazy("all"), tuple(State)),
    "register": (gettext_lazy("on the register"), ON_REGISTER),
    "exited": (gettext_lazy("exited"), (State.EXITED,)),
    "ordinary": (gettext_lazy("not on the register"), (State.ORDINARY,)),
}
"""Which states a histogram counts, by the name in the address."""


@dataclass(frozen=True)
class BandRow:
    """The households of one band as text; `wanted` filters the list to them, empty if it cannot."""

    label: str
    number: str
    wanted: str


@dataclass(frozen=True)
class Histogram:
    """`heap` says that many lie just above the line; `middle` where the median household is."""

    group: str
    households: str
    chart: SafeString
    rows: list[BandRow]
    heap: str
    middle: str


def histogram_of(shown: ShownCounts, counts: Mapping[str, int], group: str) -> Histogram:
    """The histogram of "state.band" counts for the states of a group of GROUPS."""
    states = GROUPS[group][1]
    by_band = bands_of(counts, states)
    places = range(LOWEST_BAND, HIGHEST_BAND + 1)
    rows = [
        BandRow(band_label(place), shown.text(band_key(group, place)), _wanted(place, states))
        for place in places
    ]
    bins = [
        Bin(place, shown.drawn(band_key(group, place)), row.number)
        for place, row in zip(places, rows, strict=True)
    ]
    return Histogram(
        group=group,
        households=shown.text(known_key(group)),
        chart=distance_histogram(_("Households by distance to the line"), bins, TABLE),
        rows=rows,
        heap=_heap(shown, group, by_band),
        middle=middle_words(middle_band(by_band)),
    )


def _wanted(place: int, states: tuple[State, ...]) -> str:
    """The filter of the list for one band; it narrows to one state or to none."""
    if states == tuple(State):
        return f"near={place}:{place}"
    return f"near={place}:{place}&state={int(states[0])}" if len(states) == 1 else ""


def bands_of(counts: Mapping[str, int], states: tuple[State, ...]) -> dict[int, int]:
    """Households of these states by band, from counts by "state.band"."""
    by_band: dict[int, int] = {}
    for key, number in counts.items():
        state, _dot, place = key.partition(".")
        if int(state) in states and number:
            by_band[int(place)] = by_band.get(int(place), 0) + number
    return by_band


def band_label(low: int, high: int | None = None) -> str:
    """The bands from `low` to `high` in words: both ends in percent of the line."""
    high = low if high is None else high
    below, above = _percent(low), _percent(high + 1)
    if low <= LOWEST_BAND and high >= HIGHEST_BAND:
        return _("any distance")
    if low <= LOWEST_BAND:
        return _("below %(percent)s %%") % {"percent": above}
    if high >= HIGHEST_BAND:
        return _("%(percent)s %% and more") % {"percent": below}
    return _("%(low)s to %(high)s %%") % {"low": below, "high": above}


def middle_words(place: int | None) -> str:
    """Where the median household lies, as a sentence; empty without households."""
    if place is None:
        return ""
    near, far = sorted((_unsigned(place), _unsigned(place + 1)), key=float)
    said = {"near": near, "far": far}
    if place <= LOWEST_BAND:
        return _("The median income lies more than %(near)s %% below the line.") % said
    if place >= HIGHEST_BAND:
        return _("The median income lies %(near)s %% or more above the line.") % said
    if place < 0:
        return _("The median income lies %(near)s to %(far)s %% below the line.") % said
    return _("The median income lies %(near)s to %(far)s %% above the line.") % said


def _unsigned(edge: int) -> str:
    return _percent(edge).lstrip("+−")


def _percent(edge: int) -> str:
    """The lower edge of a band in percent of the line, with its sign."""
    tenths = edge * 1000 // LINE_BANDS
    sign = "−" if tenths < 0 else "+" if tenths else ""
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"


def _heap(shown: ShownCounts, group: str, by_band: Mapping[int, int]) -> str:
    """The warning of a heap; without its numbers where one of its bands is hidden."""
    found = heaped(by_band)
    if found is None:
        return ""
    if any(shown.is_hidden(band_key(group, place)) for place in (0, *BESIDE_THE_LINE)):
        return _(
            "Many more households lie less than 2.5 percent above the line than in each of the "
            "four bands beside it. Incomes may have been made to fit: look at the households near "
            "the line."
        )
    here, mean = found
    return _(
        "%(here)s households lie less than 2.5 %% above the line, the four bands beside it hold "
        "%(mean)s on average. Incomes may have been made to fit: look at the households near the "
        "line."
    ) % {"here": f"{here:,}", "mean": f"{mean:,}"}
