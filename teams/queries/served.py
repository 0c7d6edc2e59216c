"""What a year of service adds up to: the terms that meet it, days in the village, absences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from teams.models import Presence, Term
from teams.rules.presence import COUNTED, Status, wanted_days
from teams.rules.terms import Span, year_span


@dataclass(frozen=True)
class Served:
    """A cadre's year up to a day: the days of service, those that count, absences without leave."""

    spans: tuple[Span, ...]
    year: int
    days: int
    unexplained: int

    def wanted(self, year_days: int) -> int:
        """The days in the village that this service wants, where a whole year wants `year_days`."""
        return wanted_days(self.spans, self.year, year_days=year_days)


def end_of(year: int, today: date) -> date:
    """The last day of a year that has come: its end, or today."""
    return min(date(year, 12, 31), today)


def served_in(year: int, untils: Mapping[int, date]) -> dict[int, Served]:
    """What the year of each cadre adds up to, wherever he served, up to the day that `untils` says.

    Two queries, and one more for each further day.
    """
    spans: dict[int, list[Span]] = {key: [] for key in untils}
    terms = Term.everywhere.meeting(*_first_and_last(year)).filter(cadre__in=list(untils))
    for term in terms:
        window = Span(year_span(year).first, untils[term.cadre_id])
        if part := term.span.cut(window):
            spans[term.cadre_id].append(part)
    counts = _counts(year, untils)
    return {key: Served(tuple(own), year, *counts.get(key, (0, 0))) for key, own in spans.items()}


def _first_and_last(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _counts(year: int, untils: Mapping[int, date]) -> dict[int, tuple[int, int]]:
    """Days that count and days absent without leave, by cadre."""
    by_day: dict[date, list[int]] = {}
    for key, until in untils.items():
        by_day.setdefault(until, []).append(key)
    found = {}
    for until, keys in by_day.items():
        rows = Presence.everywhere.filter(cadre__in=keys, day__range=(date(year, 1, 1), until))
        counted = rows.values("cadre").annotate(
            days=Count("pk", filter=Q(status__in=COUNTED)),
            unexplained=Count("pk", filter=Q(status=Status.ABSENT)),
        )
        for row in counted.order_by():
            found[row["cadre"]] = (row["days"], row["unexplained"])
    return found


def main_terms(year: int, code: str, until: date) -> list[Term]:
    """For everybody who served within `code` in the year the term by which he is assessed.

    It is the one with the most days up to `until`, the later of two that are even. Who served
    longer elsewhere is assessed there.
    """
    here = Term.everywhere.within(code).meeting(date(year, 1, 1), until).values("cadre")
    terms = (
        Term.everywhere.meeting(date(year, 1, 1), until)
        .filter(cadre__in=here)
        .select_related("cadre", "village")
    )
    return [one for one in _longest(terms, year, until) if one.village_id.startswith(code)]


def _longest(terms: Iterable[Term], year: int, until: date) -> list[Term]:
    window, best = Span(date(year, 1, 1), until), {}
    for term in terms:
        part = term.span.cut(window)
        rank = (part.days if part else 0, term.starts_on)
        if term.cadre_id not in best or rank > best[term.cadre_id][0]:
            best[term.cadre_id] = (rank, term)
    return sorted((term for _rank, term in best.values()), key=lambda one: one.cadre.number)
