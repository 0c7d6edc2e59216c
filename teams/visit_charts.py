"""Visits by month as SVG made here: no library, no script, readable in grey, beside its table."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 600, 240
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 26, 44
BLUE, INK, QUIET = "#0a4c95", "#1b1f24", "#56606b"
WIDEST = 36


def month_bars(
    title: str, months: Sequence[date], visits: Sequence[int], table_id: str
) -> SafeString:
    """A bar for each month from zero up, with its number above and the year where it begins."""
    top = max([*visits, 1])
    slot = (WIDTH - LEFT - RIGHT) / max(len(months), 1)
    width = min(slot * 0.7, WIDEST)

    def middle(place: int) -> float:
        return round(LEFT + slot * (place + 0.5), 1)

    def high(number: int) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - number / top), 1)

    foot = HEIGHT - BOTTOM
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        (
            (round(middle(n) - width / 2, 1), high(one), round(width, 1), foot - high(one), BLUE)
            for n, one in enumerate(visits)
            if one
        ),
    )
    numbers = _texts((middle(n), high(one) - 6, INK, f"{one:,}") for n, one in enumerate(visits))
    names = _texts((middle(n), foot + 18, INK, m.month) for n, m in enumerate(months))
    years = _texts(
        (middle(n), foot + 36, QUIET, m.year)
        for n, m in enumerate(months)
        if n == 0 or m.month == 1
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">'
        '<path d="M{} {}H{}" stroke="{}"/>{}{}{}{}</svg>',
        WIDTH, HEIGHT, title, table_id, LEFT, foot, WIDTH - RIGHT, INK, bars, numbers, names, years,
    )  # fmt: skip


def _texts(found: Iterable[tuple[float, float, str, str | int]]) -> SafeString:
    return format_html_join(
        "",
        '<text x="{}" y="{}" font-size="13" text-anchor="middle" fill="{}">{}</text>',
        found,
    )
