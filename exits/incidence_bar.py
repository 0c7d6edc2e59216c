"""The incidence of a place as a bar against its limit, drawn here: readable in grey.

The bar ends at twice the limit, or where the incidence ends; a line marks the limit. The numbers
stand beside it.
"""

from fractions import Fraction

from django.utils.html import format_html
from django.utils.safestring import SafeString

from exits.rules.shares import BASIS_POINTS

WIDTH, BAR, HEIGHT = 240, 16, 24
BELOW, ABOVE, EMPTY, LINE, LIMIT = "#0a4c95", "#8c2f00", "#ffffff", "#56606b", "#1b1f24"


def incidence_bar(title: str, part: int, whole: int, *, limit_bp: int) -> SafeString:
    """A bar as long as part ÷ whole; nothing of nobody. `title` says the same in words."""
    if whole <= 0 or limit_bp <= 0:
        return SafeString("")
    value, limit = Fraction(part, whole), Fraction(limit_bp, BASIS_POINTS)
    end = max(2 * limit, value)
    length = f"{float(value / end * (WIDTH - 2)):.1f}"
    place = f"{float(limit / end * (WIDTH - 2)) + 1:.1f}"
    return format_html(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<path d="M1 1h{}v{}h-{}z" fill="{}" stroke="{}"/>'
        '<path d="M1 1h{}v{}h-{}z" fill="{}"/>'
        '<path d="M{} 0v{}" stroke="{}" stroke-width="2" stroke-dasharray="3 2"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, title,
        WIDTH - 2, BAR, WIDTH - 2, EMPTY, LINE,
        length, BAR, length, BELOW if value < limit else ABOVE,
        place, HEIGHT, LIMIT,
    )  # fmt: skip
