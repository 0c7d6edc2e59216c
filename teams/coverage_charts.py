"""Bars of coverage as SVG made here: three for each place, readable in grey, beside their table."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from teams.charts import INK, MOST_ROWS, QUIET, short_label

WIDTH, LEFT, RIGHT = 760, 120, 56
TOP, BAR, GAP = 8, 12, 14
SHADES = ("#0a4c95", "#3f7fbf", "#9dc0e3")
WHOLE = 100


def coverage_bars(
    title: str, rows: Sequence[tuple[str, Sequence[Decimal | None]]], table_id: str
) -> SafeString:
    """For each place a bar of each rate, out of a hundred; a rate of nothing has none."""
    shown = rows[:MOST_ROWS]
    step = BAR * len(SHADES) + GAP
    height = TOP + step * len(shown)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#0a4c95" stroke-width=".5"/>',
        (
            (LEFT, TOP + place * step + number * BAR, _width(rate), BAR, SHADES[number])
            for place, (_label, rates) in enumerate(shown)
            for number, rate in enumerate(rates)
            if rate is not None
        ),
    )
    numbers = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="11" fill="{}">{}</text>',
        (
            (LEFT + _width(rate) + 4, TOP + place * step + number * BAR + 10, QUIET, rate)
            for place, (_label, rates) in enumerate(shown)
            for number, rate in enumerate(rates)
            if rate is not None
        ),
    )
    labels = format_html_join(
        "",
        '<text x="0" y="{}" font-size="13" fill="{}">{}</text>',
        (
            (TOP + place * step + 23, INK, short_label(label))
            for place, (label, _rates) in enumerate(shown)
        ),
    )
    edge = WIDTH - RIGHT
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">'
        '<path d="M{} {}V{}M{} {}V{}" stroke="{}" stroke-width=".5"/>{}{}{}</svg>',
        WIDTH, height, title, table_id, LEFT, TOP, height - GAP, edge, TOP, height - GAP, INK,
        bars, numbers, labels,
    )  # fmt: skip


def _width(rate: Decimal) -> float:
    return round((WIDTH - LEFT - RIGHT) * float(rate) / WHOLE, 1)


def legend(labels: Sequence[str]) -> SafeString:
    """Which rate has which shade, in the order of the bars."""
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 14 14" aria-hidden="true"><path d="M1 1h12v12H1z" fill="{}" '
            'stroke="#0a4c95"/></svg>{}</li>',
            zip(SHADES, labels, strict=True),
        ),
    )
