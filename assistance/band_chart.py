"""Households by band of income as SVG made here: before and after, readable in grey."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LEFT, RIGHT = 640, 124, 48
TOP, BAR, GAP = 6, 12, 8
SHADES = ("#9dc0e3", "#0a4c95")
INK, QUIET = "#1b1f24", "#56606b"


def band_chart(
    title: str, bands: Sequence[tuple[str, tuple[int, int], tuple[str, str]]], table_id: str
) -> SafeString:
    """For each band (label, lengths, texts) a bar before and one after; texts stand at the end."""
    step = 2 * BAR + GAP
    height = TOP + step * len(bands)
    longest = max((max(lengths) for _label, lengths, _texts in bands), default=0) or 1

    def width(length: int) -> float:
        return round((WIDTH - LEFT - RIGHT) * length / longest, 1)

    drawn = [
        (TOP + place * step + number * BAR, width(lengths[number]), SHADES[number], texts[number])
        for place, (_label, lengths, texts) in enumerate(bands)
        for number in (0, 1)
    ]
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#0a4c95" stroke-width=".5"/>',
        ((LEFT, y, wide, BAR, shade) for y, wide, shade, _text in drawn if wide),
    )
    numbers = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="11" fill="{}">{}</text>',
        ((LEFT + wide + 4, y + 10, QUIET, text) for y, wide, _shade, text in drawn if wide),
    )
    labels = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="13" text-anchor="end" fill="{}">{}</text>',
        (
            (LEFT - 6, TOP + place * step + BAR + 4, INK, label)
            for place, (label, _lengths, _texts) in enumerate(bands)
        ),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">'
        '<path d="M{} {}V{}" stroke="{}" stroke-width=".5"/>{}{}{}</svg>',
        WIDTH, height, title, table_id, LEFT, TOP, height - GAP, INK, bars, numbers, labels,
    )  # fmt: skip


def legend(before: str, after: str) -> SafeString:
    """Which shade is before and which after."""
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 14 14" aria-hidden="true"><path d="M1 1h12v12H1z" fill="{}" '
            'stroke="#0a4c95"/></svg>{}</li>',
            zip(SHADES, (before, after), strict=True),
        ),
    )
