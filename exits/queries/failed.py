"""Exits of a household that came to nothing: whoever judges the next one is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from exits.procedure.household import EXIT
from exits.rules.household import NO
from workflow.models import Case, CaseEvent

AGAINST = NO | {"doubt", "reject", "vote_down"}
"""The steps by which somebody says something against an exit."""

TOLD = AGAINST | {"withdraw"}


@dataclass(frozen=True)
class Failed:
    """An exit that was rejected or voted down, or withdrawn after a doubt or a refusal: what was
    done against it, in order, each with the reason given.
    """

    case: Case
    acts: list[tuple[CaseEvent, str]]


def follow_a_failed_one(cases: Sequence[Case]) -> set[int]:
    """The places of the exits among these cases, saved or not, that follow a failed one."""
    asked = {place: one for place, one in enumerate(cases) if _rests_on_a_year(one)}
    if not asked:
        return set()
    rows = _failed({one.subject for one in asked.values()})
    earlier: dict[tuple[str, int], list[int]] = {}
    for key, number, year in rows.values_list("pk", "subject", "facts__year"):
        earlier.setdefault((number, year), []).append(key)
    return {
        place
        for place, one in asked.items()
        if any(_is_before(key, one) for key in earlier.get((one.subject, one.facts["year"]), ()))
    }


def failed_before(case: Case) -> list[Failed]:
    """The exits of the household on facts of the same year that failed before this case, the last
    one first.
    """
    if not _rests_on_a_year(case):
        return []
    rows = _failed({case.subject}).filter(facts__year=case.facts["year"])
    found = [one for one in rows.order_by("-pk") if _is_before(one.pk, case)]
    acts: dict[int, list[tuple[CaseEvent, str]]] = {}
    events = CaseEvent.objects.filter(case__in=found, step__in=TOLD).defer("facts")
    for event in events if found else ():
        said = event.note or event.evidence.get("because", "")
        acts.setdefault(event.case_id, []).append((event, said))
    return [Failed(one, acts[one.pk]) for one in found]


def _failed(numbers: set[str]) -> QuerySet[Case]:
    said = CaseEvent.objects.filter(case=OuterRef("pk"), step__in=AGAINST)
    closed = Case.everywhere.filter(kind=EXIT.kind, subject__in=numbers, closed_at__isnull=False)
    return closed.filter(Q(state="rejected") | Q(Exists(said), state="withdrawn"))


def _rests_on_a_year(case: Case) -> bool:
    return case.kind == EXIT.kind and "year" in case.facts


def _is_before(key: int, case: Case) -> bool:
    return case.pk is None or key < case.pk
