"""Charts as SVG made on the server: no script, readable in grey, each beside its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 440, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 8, 34, 28
SHADES = ("#0a4c95", "#3f7fbf", "#9dc0e3", "#dce8f5")
INK, QUIET, HAIR, RED = "#1b1f24", "#56606b", "#e6eaee", "#a8201a"
TICKS = 4
MARKS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """Yuan upwards from zero to `top`, in steps that read well."""

    top: int

    def y(self, yuan: float) -> float:
        """Height on the sheet of an amount."""
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - yuan / self.top), 1)

    @property
    def ticks(self) -> list[int]:
        """The amounts that a line is drawn at, zero first."""
        return [self.top * step // TICKS for step in range(TICKS + 1)]


def scale_for(highest: float) -> Scale:
    """The smallest scale of round steps that holds `highest` yuan."""
    power = 10 ** max(len(str(int(highest / TICKS))) - 1, 1)
    step = next(mark * power for mark in MARKS if mark * power * TICKS >= highest)
    return Scale(int(step * TICKS))


def stacked_bars(
    title: str, years: Sequence[int], layers: Sequence[Sequence[int | None]], table_id: str
) -> SafeString:
    """A bar per year; each layer holds that kind's fen by year, None where unknown."""
    sums = [sum(layer[i] or 0 for layer in layers) / 100 for i in range(len(years))]
    scale = scale_for(max(sums, default=0) or 1)
    slot = (WIDTH - LEFT - RIGHT) / max(len(years), 1)
    width = min(slot * 0.6, 56)
    parts = []
    for i in range(len(years)):
        left, base = round(LEFT + slot * (i + 0.5) - width / 2, 1), 0.0
        for layer, shade in zip(layers, SHADES, strict=True):
            low, base = base, base + (layer[i] or 0) / 100
            if base > low:
                height = round(scale.y(low) - scale.y(base), 1)
                parts.append((left, scale.y(base), round(width, 1), height, shade))
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#0a4c95" stroke-width=".5"/>',
        parts,
    )
    return _sheet(title, table_id, scale, years, slot, bars)


def line_chart(
    title: str,
    years: Sequence[int],
    values: Sequence[int | None],
    line: Sequence[int | None],
    table_id: str,
) -> SafeString:
    """The household's fen per person by year, against the dashed poverty line."""
    highest = max((v for v in (*values, *line) if v is not None), default=100) / 100
    scale = scale_for(max(highest, 1))
    slot = (WIDTH - LEFT - RIGHT) / max(len(years), 1)

    def points(series: Sequence[int | None]) -> list[tuple[float, float]]:
        return [
            (round(LEFT + slot * (i + 0.5), 1), scale.y(max(value, 0) / 100))
            for i, value in enumerate(series)
            if value is not None
        ]

    own, limit = points(values), points(line)
    drawn = format_html(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="6 4"/>'
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2.5"/>{}{}',
        _path(limit),
        RED,
        _path(own),
        SHADES[0],
        format_html_join("", '<circle cx="{}" cy="{}" r="4" fill="#0a4c95"/>', own),
        _end_label(limit),
    )
    return _sheet(title, table_id, scale, years, slot, drawn)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _end_label(limit: Sequence[tuple[float, float]]) -> SafeString:
    if not limit:
        return format_html("")
    x, y = limit[-1]
    return format_html(
        '<text x="{}" y="{}" font-size="13" text-anchor="end" fill="{}">{}</text>',
        x, round(y + 18 if y < HEIGHT - BOTTOM - 22 else y - 8, 1), RED, _("poverty line"),
    )  # fmt: skip


def _sheet(
    title: str,
    table_id: str,
    scale: Scale,
    years: Sequence[int],
    slot: float,
    drawn: SafeString,
) -> SafeString:
    """Grid, year labels and the drawing, with title and the table that holds the figures."""
    grid = format_html_join(
        "",
        '<path d="M{} {}H{}" stroke="{}"/>'
        '<text x="{}" y="{}" font-size="13" text-anchor="end" fill="{}">{}</text>',
        (_tick(scale, yuan) for yuan in scale.ticks),
    )
    labels = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="13" text-anchor="middle" fill="{}">{}</text>',
        (
            (round(LEFT + slot * (i + 0.5), 1), HEIGHT - 8, INK, year)
            for i, year in enumerate(years)
        ),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">'
        '<text x="0" y="12" font-size="13" fill="{}">{}</text>{}{}{}</svg>',
        WIDTH, HEIGHT, title, table_id, QUIET, _("yuan"), grid, drawn, labels,
    )  # fmt: skip


def _tick(scale: Scale, yuan: int) -> tuple[object, ...]:
    y = scale.y(yuan)
    shade = HAIR if yuan else INK
    return LEFT, y, WIDTH - RIGHT, shade, LEFT - 6, round(y + 4.5, 1), QUIET, f"{yuan:,}"


def legend(labels: Sequence[str]) -> SafeString:
    """The kinds of a stacked bar with their shades, in the order of the stack."""
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 14 14" aria-hidden="true"><path d="M1 1h12v12H1z" fill="{}" '
            'stroke="#0a4c95"/></svg>{}</li>',
            zip(SHADES, labels, strict=True),
        ),
    )
