"""Charts of a review as SVG made here: no library, no script, readable in grey.

Every chart is described by a table that holds its figures; `table_id` names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reviews.rules import HIGHEST_BAND, LOWEST_BAND

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 46, 46
BELOW, ABOVE = "#0a4c95", "#9dc0e3"
INK, QUIET, HAIR, RED = "#1b1f24", "#56606b", "#e6eaee", "#a8201a"
TICKS = 4
MARKS = (10, 20, 25, 30, 40, 50, 100)  # steps in tenths
LABELLED = range(LOWEST_BAND + 1, HIGHEST_BAND + 1, 4)  # every tenth of the line


@dataclass(frozen=True)
class Bin:
    """The households of one band: `number` as it may be shown, `drawn` as high as its bar is."""

    band: int
    drawn: int
    number: str


def distance_histogram(title: str, bins: Sequence[Bin], table_id: str) -> SafeString:
    """A bar for each band within 50 % of the line; those beyond are numbers at either side.

    The line itself stands between the bars below it, dark, and those above it, light.
    """
    inner = [one for one in bins if LOWEST_BAND < one.band < HIGHEST_BAND]
    beyond = {one.band: one.number for one in bins}
    top = round_top(max((one.drawn for one in inner), default=0))
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#0a4c95" stroke-width=".5">'
        "<title>{}</title></rect>",
        (_bar(one, top) for one in inner if one.drawn),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">'
        "{}{}{}{}{}</svg>",
        WIDTH, HEIGHT, title, table_id, _grid(top), bars, _edges(), _line(), _beyond(beyond),
    )  # fmt: skip


def round_top(highest: int) -> int:
    """The smallest top of a scale of TICKS round, whole steps that holds `highest`."""
    power = 10 ** (len(str(highest // TICKS)) - 1)
    steps = (mark * power // 10 for mark in MARKS if mark * power % 10 == 0)
    return next(step * TICKS for step in steps if step * TICKS >= highest)


def _x(edge: int) -> float:
    """Where the lower edge of a band is drawn."""
    bands = HIGHEST_BAND - LOWEST_BAND - 1
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (edge - LOWEST_BAND - 1) / bands, 1)


def _y(number: float, top: int) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - number / top), 1)


def _bar(one: Bin, top: int) -> tuple[object, ...]:
    left, high = _x(one.band), _y(one.drawn, top)
    width = round(_x(one.band + 1) - left - 1.5, 1)
    shade = BELOW if one.band < 0 else ABOVE
    return left, high, width, round(HEIGHT - BOTTOM - high, 1), shade, one.number


def _grid(top: int) -> SafeString:
    levels = [top * step // TICKS for step in range(TICKS + 1)]
    return format_html_join(
        "",
        '<path d="M{} {}H{}" stroke="{}"/>'
        '<text x="{}" y="{}" font-size="13" text-anchor="end" fill="{}">{}</text>',
        (
            (
                LEFT, _y(level, top), WIDTH - RIGHT, HAIR if level else INK,
                LEFT - 6, round(_y(level, top) + 4.5, 1), QUIET, f"{level:,}",
            )
            for level in levels
        ),
    )  # fmt: skip


def _edges() -> SafeString:
    """The distances under the bars, in percent of the line."""
    return format_html_join(
        "",
        '<text x="{}" y="{}" font-size="13" text-anchor="{}" fill="{}">{}</text>',
        (
            (
                _x(edge),
                HEIGHT - BOTTOM + 18,
                "end" if edge == HIGHEST_BAND else "middle",
                INK,
                f"{edge * 5 // 2:+d} %".replace("-", "−").replace("+0", "0"),
            )
            for edge in LABELLED
        ),
    )


def _line() -> SafeString:
    x = _x(0)
    return format_html(
        '<path d="M{} {}V{}" stroke="{}" stroke-width="2" stroke-dasharray="6 4"/>'
        '<text x="{}" y="{}" font-size="13" text-anchor="middle" fill="{}">{}</text>',
        x, TOP - 12, HEIGHT - BOTTOM, RED, x, TOP - 18, RED, _("poverty line"),
    )  # fmt: skip


def _beyond(beyond: dict[int, str]) -> SafeString:
    """How many lie further away, on either side, as words over the chart's foot."""
    low = _("further below: %(number)s") % {"number": beyond.get(LOWEST_BAND, "0")}
    high = _("further above: %(number)s") % {"number": beyond.get(HIGHEST_BAND, "0")}
    return format_html(
        '<text x="{}" y="{}" font-size="13" fill="{}">◀ {}</text>'
        '<text x="{}" y="{}" font-size="13" text-anchor="end" fill="{}">{} ▶</text>',
        LEFT, HEIGHT - 6, QUIET, low, WIDTH - RIGHT, HEIGHT - 6, QUIET, high,
    )  # fmt: skip
