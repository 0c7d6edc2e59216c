"""Who leads a village when, in the two years around today: for the charts and their tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from divisions.models import Division, Level
from teams.models import Term
from teams.queries.coverage import digits_below
from teams.queries.need import needed_villages
from teams.rules.calendar import (
    MONTHS_BEFORE,
    Share,
    expected,
    monthly_shares,
    months_around,
    total_share,
)
from teams.rules.terms import Post, Span, gaps


@dataclass(frozen=True)
class Line:
    """A place: the share of covered days of each month, and of the past and the coming year.

    A village has the `spans` of its first secretaries; `open` are its first days without one.
    """

    division: Division
    villages: int
    shares: list[Share]
    spans: list[Span]
    open: list[Span]

    @property
    def past(self) -> Share:
        """The twelve months before this one."""
        return total_share(self.shares[:MONTHS_BEFORE])

    @property
    def coming(self) -> Share:
        """This month and the eleven after it, as far as terms are planned."""
        return total_share(self.shares[MONTHS_BEFORE:])


@dataclass(frozen=True)
class Calendar:
    """The places right below one, or the villages of a township, month by month."""

    months: list[Span]
    lines: list[Line]

    @property
    def window(self) -> Span:
        """The days of all months."""
        return Span(self.months[0].first, self.months[-1].last)


def calendar_of(division: Division, today: date) -> Calendar:
    """The villages that must have a team today, by the places right below a division."""
    months = months_around(today)
    window = Span(months[0].first, months[-1].last)
    needed = needed_villages(division.pk, today, today=today)
    spans = leading_spans(division.pk, window, today)
    digits = digits_below(division)
    by_place: dict[str, list[str]] = {}
    for village in needed:
        by_place.setdefault(village[:digits], []).append(village)
    named = Division.objects.in_bulk(list(by_place))
    lines = []
    for place, villages in sorted(by_place.items()):
        own = [spans.get(village, []) for village in villages]
        is_village = named[place].level == Level.VILLAGE
        lines.append(
            Line(
                division=named[place],
                villages=len(villages),
                shares=monthly_shares(own, months),
                spans=own[0] if is_village else [],
                open=gaps(own[0], window) if is_village else [],
            )
        )
    return Calendar(months, lines)


def leading_spans(code: str, window: Span, today: date) -> dict[str, list[Span]]:
    """The days of the first secretaries of each village at or below `code`, as expected today."""
    until = window.last or date.max
    found = Term.everywhere.within(code).meeting(window.first, until)
    led = found.filter(post=Post.FIRST_SECRETARY).order_by("village_id", "starts_on")
    spans: dict[str, list[Span]] = {}
    for village, first, last, due in led.values_list(
        "village_id", "starts_on", "last_day", "due_on"
    ):
        spans.setdefault(village, []).append(expected(Span(first, last), due, today))
    return spans


def people_of(terms: Iterable[Term], window: Span, today: date) -> list[tuple[str, list[Span]]]:
    """The spans of each person but the first secretaries that meet the window, by name."""
    found: dict[int, tuple[str, list[Span]]] = {}
    for term in sorted(terms, key=lambda one: one.starts_on):
        span = expected(term.span, term.due_on, today)
        if term.post != Post.FIRST_SECRETARY and span.meets(window):
            found.setdefault(term.cadre_id, (term.cadre.name, []))[1].append(span)
    return list(found.values())


def led_by(terms: Sequence[Term], window: Span, today: date) -> list[Span]:
    """The spans of the first secretaries among these terms that meet the window."""
    spans = [
        expected(term.span, term.due_on, today)
        for term in sorted(terms, key=lambda one: one.starts_on)
        if term.post == Post.FIRST_SECRETARY
    ]
    return [span for span in spans if span.meets(window)]
