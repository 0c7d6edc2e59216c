"""The flags of cases about households and their weight, read for many at once, saved or not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from assistance.queries.helped import never_helped, unfinished_of
from exits.procedure.household import EXIT
from exits.queries.failed import follow_a_failed_one
from exits.queries.warnings import warnings_of_facts
from exits.rules.risk import (
    APPEAL,
    FAILED,
    ISSUE,
    KIN,
    KINDS,
    NEAR,
    NEVER_HELPED,
    OBJECTION,
    RED_LINE,
    UNFINISHED,
    is_near,
    risk_of,
)
from households.models import Household
from households.models.issues import QualityIssue
from households.rules import fen
from identification.models import Appeal, Application, RedLineHit
from identification.procedure import IDENTIFICATION, REINCLUSION
from workflow.machine import Flagged, Weighed
from workflow.models import Case, Objection

WORST_SEVERITY = 2
APPLIED = frozenset({IDENTIFICATION.kind, REINCLUSION.kind})
FEN = 100

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Distance:
    """How far above the line an income a person lies, below it negative, and the line; in fen."""

    margin: int
    line: int

    @property
    def yuan(self) -> int:
        """Whole yuan, above or below."""
        return abs(self.margin) // FEN


def weighed(cases: Sequence[Case]) -> list[Weighed]:
    """The risk of each case, with those of its flags that hold it; saved or not."""
    found = []
    for case, flags in zip(cases, flags_of(cases), strict=True):
        distance = distance_in(case.facts)
        far = None if distance is None else distance.yuan
        risk = risk_of([one.code for one in flags], far)
        found.append(Weighed(risk, tuple(one for one in flags if KINDS[one.code].holds)))
    return found


def flags_of(cases: Sequence[Case]) -> list[list[Flagged]]:
    """The flags of each case, the gravest first."""
    keys = [case.pk for case in cases if case.pk]
    applied = [case.pk for case in cases if case.pk and case.kind in APPLIED]
    hits = RedLineHit.objects.filter(standing_hit(), case__in=applied)
    appeals = Appeal.objects.filter(case__in=applied, resolved_on=None)
    kin = Application.objects.filter(case__in=applied, kin_of_official=True)
    marked = {
        RED_LINE: _keys(hits, "case", applied),
        OBJECTION: _keys(Objection.objects.open().filter(line__case__in=keys), "line__case", keys),
        APPEAL: _keys(appeals, "case", applied),
        KIN: _keys(kin, "case", applied),
    }
    faulty = _faulty([case.subject for case in cases])
    hints, warnings = hints_of(cases), _warnings(cases)
    following = follow_a_failed_one(cases)
    order = list(KINDS)
    found = []
    for place, case in enumerate(cases):
        codes = {code for code, own in marked.items() if case.pk in own}
        codes |= {ISSUE} if case.subject in faulty else set()
        codes |= {NEAR} if _is_near(case) else set()
        codes |= {FAILED} if place in following else set()
        codes |= hints.get(place, set())
        flags = [_flagged(code) for code in codes] + warnings.get(place, [])
        found.append(sorted(flags, key=lambda flag: order.index(flag.code)))
    return found


def hints_of(cases: Sequence[Case]) -> dict[int, set[str]]:
    """The hints of the exits among these cases, by their place: what help says of them."""
    exits = _exits(cases)
    if not exits:
        return {}
    standing = Household.everywhere.standing().filter(number__in=exits)
    places = {key: exits[number] for key, number in standing.values_list("pk", "number")}
    begun = unfinished_of(places).values_list("household", flat=True).distinct()
    found: dict[int, set[str]] = {place: set() for place in places.values()}
    for code, households in ((NEVER_HELPED, never_helped(places)), (UNFINISHED, begun)):
        for key in households:
            found[places[key]].add(code)
    return found


def standing_hit() -> Q:
    """Red lines that are neither withdrawn nor explained to somebody's content."""
    return Q(withdrawn_on=None, accepted_by=None)


def worst_issues() -> QuerySet[QualityIssue]:
    """Standing issues that are so grave that nobody decides over them unseen."""
    return QualityIssue.everywhere.standing().filter(severity__lte=WORST_SEVERITY)


def distance_in(facts: Facts) -> Distance | None:
    """How far the income of a snapshot lies from its line; None while it is not known."""
    each = facts.get("finding", {}).get("per_capita")
    if each is None:
        return None
    line = fen(Decimal(facts["standard"]["line"]))
    return Distance(fen(Decimal(each)) - line, line)


def _flagged(code: str, values: Mapping[str, Any] | None = None) -> Flagged:
    return Flagged(code, KINDS[code].label, values or {})


def _keys(rows: QuerySet, name: str, asked: Collection[int]) -> set[int]:
    """The cases with such rows; nothing is read where none is asked for."""
    return set(rows.order_by().values_list(name, flat=True)) if asked else set()


def _faulty(numbers: Iterable[str]) -> set[str]:
    """Those of the households by number that an issue stands against."""
    standing = {"household__withdrawn_at": None, "household__number__in": list(numbers)}
    return set(worst_issues().filter(**standing).values_list("household__number", flat=True))


def _is_near(case: Case) -> bool:
    distance = distance_in(case.facts)
    return distance is not None and is_near(distance.margin, distance.line)


def _exits(cases: Sequence[Case]) -> dict[str, int]:
    """The places of the exits among these cases, by household number."""
    return {case.subject: n for n, case in enumerate(cases) if case.kind == EXIT.kind}


def _warnings(cases: Sequence[Case]) -> dict[int, list[Flagged]]:
    """By the place of its case: what warns of an exit."""
    facts = {n: cases[n].facts for n in _exits(cases).values() if "finding" in cases[n].facts}
    return (
        {
            place: [_flagged(one.code, one.values) for one in found]
            for place, found in warnings_of_facts(facts).items()
        }
        if facts
        else {}
    )
