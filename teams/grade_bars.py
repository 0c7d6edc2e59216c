"""The distribution of grades as bars: made here, readable in grey, beside its table."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, ROW, LEFT, RIGHT = 440, 34, 150, 46
SHADES = ("#0a4c95", "#3f7fbf", "#9dc0e3", "#a8201a")
INK = "#1b1f24"


def grade_bars(title: str, grades: Sequence[tuple[Any, int]], table_id: str) -> SafeString:
    """A bar for each grade, the best on top; `table_id` names the table that holds the numbers."""
    most = max((number for _label, number in grades), default=0) or 1
    rows = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="14" text-anchor="end" fill="{}">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="20" fill="{}" stroke="#0a4c95" stroke-width=".5"/>'
        '<text x="{}" y="{}" font-size="14" fill="{}">{}</text>',
        (
            (
                LEFT - 8, index * ROW + 21, INK, label,
                LEFT, index * ROW + 6, _length(number, most), SHADES[index],
                LEFT + _length(number, most) + 6, index * ROW + 21, INK, number,
            )
            for index, (label, number) in enumerate(grades)
        ),
    )  # fmt: skip
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">{}</svg>',
        WIDTH,
        len(grades) * ROW,
        title,
        table_id,
        rows,
    )


def _length(number: int, most: int) -> float:
    return round((WIDTH - LEFT - RIGHT) * number / most, 1)
