"""Calendar-like charts as SVG made here: two years around today, readable in grey, no script.

Bars are terms in two shades in turn, hatched days have nobody, a dashed line is today. Every chart
is described by a table that holds its days; `table_id` names it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from teams.rules.calendar import Share
from teams.rules.terms import Span, gaps

WIDTH, LEFT, RIGHT = 760, 112, 44
TOP, ROW, BAR = 56, 26, 16
INK, QUIET, HAIR, RED = "#1b1f24", "#56606b", "#e6eaee", "#a8201a"
SHADES = ("#0a4c95", "#7faedb")
LEVELS = ((100, "#0a4c95"), (90, "#3f7fbf"), (50, "#9dc0e3"), (1, "#dce8f5"))
"""From this percentage on, this shade; below the last the month is hatched."""

MOST_ROWS = 30
LABEL_LENGTH = 8
LAST_LABELLED = 9
"""A chart that begins later in a year leaves the label of that year out, for want of room."""


@dataclass(frozen=True)
class Bars:
    """A row: its label, the spans of its terms in their order, and whether gaps matter in it.

    `note` stands at the end of the row.
    """

    label: str
    spans: Sequence[Span]
    gaps_in: Span | None = None
    note: str = ""


def term_chart(
    title: str, rows: Sequence[Bars], months: Sequence[Span], today: date, table_id: str
) -> SafeString:
    """One row for each village or person with a bar for each term; MOST_ROWS at most."""
    shown = rows[:MOST_ROWS]
    scale = _Scale(months)
    drawn: list[tuple[int, Span, str]] = []
    for place, row in enumerate(shown):
        if row.gaps_in is not None:
            drawn += [(place, gap, "url(#gap)") for gap in gaps(row.spans, row.gaps_in)]
        for number, span in enumerate(row.spans):
            part = span.cut(scale.window)
            if part is not None:
                drawn.append((place, part, SHADES[number % len(SHADES)]))
    bars = _strokes(scale, drawn)
    return _sheet(title, scale, shown, today, table_id, bars)


def share_chart(
    title: str,
    rows: Sequence[tuple[str, Sequence[Share]]],
    months: Sequence[Span],
    today: date,
    table_id: str,
) -> SafeString:
    """One row for each place with a field for each month, the darker the more days are covered."""
    shown = rows[:MOST_ROWS]
    scale = _Scale(months)
    drawn: list[tuple[int, Span, str]] = []
    for place, (_label, shares) in enumerate(shown):
        alike: list[tuple[Span, str]] = []
        for month, share in zip(months, shares, strict=True):
            shade = _shade(share)
            if alike and alike[-1][1] == shade:
                alike[-1] = (Span(alike[-1][0].first, month.last), shade)
            else:
                alike.append((month, shade))
        drawn += [(place, span, shade) for span, shade in alike]
    fields = _strokes(scale, drawn)
    bare = [Bars(label, ()) for label, _shares in shown]
    return _sheet(title, scale, bare, today, table_id, fields)


def _strokes(scale: "_Scale", drawn: Iterable[tuple[int, Span, str]]) -> SafeString:
    """Bars as strokes, one path for all of a shade: many of them weigh little."""
    paths: dict[str, list[str]] = {}
    for place, span, shade in drawn:
        step = f"M{scale.x(span.first):g} {_y(place) + BAR // 2}h{scale.width(span):g}"
        paths.setdefault(shade, []).append(step)
    return format_html_join(
        "",
        '<path d="{}" stroke="{}" stroke-width="{}"/>',
        (("".join(steps), shade, BAR) for shade, steps in paths.items()),
    )


def _shade(share: Share) -> str:
    percent = share.percent or 0
    return next((shade for least, shade in LEVELS if percent >= least), "url(#gap)")


class _Scale:
    """Where a day stands between the left and the right edge."""

    def __init__(self, months: Sequence[Span]):
        self.months = months
        self.window = Span(months[0].first, months[-1].last)
        self.day = (WIDTH - LEFT - RIGHT) / self.window.days

    def x(self, day: date) -> float:
        """The left edge of a day."""
        return round(LEFT + (day - self.window.first).days * self.day, 1)

    def width(self, span: Span) -> float:
        """The width of a closed span."""
        return round(span.days * self.day, 1)


def _y(place: int) -> int:
    return TOP + place * ROW + (ROW - BAR) // 2


def _sheet(
    title: str,
    scale: _Scale,
    rows: Sequence[Bars],
    today: date,
    table_id: str,
    drawn: SafeString,
) -> SafeString:
    """Months above, labels at the left, the drawing, and today."""
    height = TOP + len(rows) * ROW + 8
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" aria-describedby="{}">'
        '<defs><pattern id="gap" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path d="M0 0H6V6H0z" fill="#fff"/>'
        '<path d="M0 0V6" stroke="{}" stroke-width="2.5"/></pattern></defs>'
        "{}{}{}{}</svg>",
        WIDTH, height, title, table_id, QUIET,
        _months(scale.months, scale, height), _labels(rows), drawn, _today(scale, today, height),
    )  # fmt: skip


def _months(months: Iterable[Span], scale: _Scale, height: int) -> SafeString:
    """A hair line at each month, its number above every third, the year above January."""
    every = list(months)
    lines = "".join(f"M{scale.x(one.first):g} {TOP}V{height - 8}" for one in every)
    marks = [
        (scale.x(one.first), TOP - 8, QUIET, one.first.month)
        for one in every
        if one.first.month % 3 == 1
    ]
    years = [
        (scale.x(one.first), TOP - 24, INK, one.first.year)
        for place, one in enumerate(every)
        if one.first.month == 1 or (place == 0 and one.first.month <= LAST_LABELLED)
    ]
    texts = format_html_join(
        "", '<text x="{}" y="{}" font-size="13" fill="{}">{}</text>', [*marks, *years]
    )
    return format_html('<path d="{}" stroke="{}"/>{}', lines, HAIR, texts)


def _labels(rows: Sequence[Bars]) -> SafeString:
    names = format_html_join(
        "",
        '<text y="{}">{}</text>',
        ((_y(place) + 13, short_label(row.label)) for place, row in enumerate(rows)),
    )
    notes = format_html_join(
        "",
        '<text x="{}" y="{}">{}</text>',
        ((WIDTH, _y(place) + 13, row.note) for place, row in enumerate(rows) if row.note),
    )
    return format_html(
        '<g font-size="13" fill="{}">{}</g><g font-size="13" fill="{}" text-anchor="end">{}</g>',
        INK, names, QUIET, notes,
    )  # fmt: skip


def short_label(label: str) -> str:
    """What fits left of the bars: the table beside says it in full."""
    wide = sum(2 if ord(one) > 0x2E7F else 1 for one in label)
    if wide <= 2 * LABEL_LENGTH:
        return label
    kept, left = "", 2 * LABEL_LENGTH - 1
    for one in label:
        left -= 2 if ord(one) > 0x2E7F else 1
        if left < 0:
            break
        kept += one
    return f"{kept}…"


def _today(scale: _Scale, today: date, height: int) -> SafeString:
    if not scale.window.holds(today):
        return format_html("")
    x = scale.x(today)
    return format_html(
        '<path d="M{} {}V{}" stroke="{}" stroke-width="2" stroke-dasharray="5 3"/>'
        '<text x="{}" y="{}" font-size="13" text-anchor="middle" fill="{}">{}</text>',
        x, 16, height - 4, RED, x, 12, RED, _("today"),
    )  # fmt: skip


def legend() -> SafeString:
    """What the shades of a chart of terms mean."""
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 14 14" aria-hidden="true">'
            '<path d="M1 1h12v12H1z" fill="{}" stroke="#0a4c95"/></svg>{}</li>',
            (
                (SHADES[0], _("first term shown")),
                (SHADES[1], _("the next, in turn")),
                ("url(#gap)", _("vacant")),
            ),
        ),
    )
