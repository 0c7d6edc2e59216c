"""How much of a measure was delivered, as a bar made here: readable in grey, its numbers beside it.

Ticks under the bar are where the instalments end.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, BAR, HEIGHT = 600, 20, 30
FULL, EMPTY, LINE, TICK = "#0a4c95", "#ffffff", "#56606b", "#1b1f24"


def progress_bar(
    title: str, delivered: Decimal, planned: Decimal, parts: Iterable[Decimal] = ()
) -> SafeString:
    """A bar filled as far as `delivered` of `planned`; nothing where nothing was planned.

    `title` says the same in words.
    """
    if planned <= 0:
        return SafeString("")
    ends = [_place(one, planned) for one in accumulate(parts)][:-1]
    ticks = format_html_join(
        "", '<path d="M{} {}v8" stroke="{}" stroke-width="2"/>', ((x, BAR, TICK) for x in ends)
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path d="M1 1h{}v{}h-{}z" fill="{}" stroke="{}"/>'
        '<path d="M1 1h{}v{}h-{}z" fill="{}"/>{}</svg>',
        WIDTH, HEIGHT, title,
        WIDTH - 2, BAR - 2, WIDTH - 2, EMPTY, LINE,
        *[_place(delivered, planned), BAR - 2, _place(delivered, planned)], FULL, ticks,
    )  # fmt: skip


def _place(amount: Decimal, planned: Decimal) -> str:
    """Where an amount stands on the bar."""
    return f"{min(amount / planned, Decimal(1)) * (WIDTH - 2):.1f}"
