"""By which term somebody's year is assessed."""

from collections.abc import Iterable
from datetime import date

from teams.models import Term
from teams.rules.terms import Span


def end_of(year: int, today: date) -> date:
    """The last day of a year that has come: its end, or today."""
    return min(date(year, 12, 31), today)


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
    window = Span(date(year, 1, 1), until)
    best: dict[int, tuple[tuple[int, date], Term]] = {}
    for term in terms:
        part = term.span.cut(window)
        rank = (part.days if part else 0, term.starts_on)
        if term.cadre_id not in best or rank > best[term.cadre_id][0]:
            best[term.cadre_id] = (rank, term)
    return sorted((term for _rank, term in best.values()), key=lambda one: one.cadre.number)
