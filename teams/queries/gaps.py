"""Where somebody is missing, and where somebody will be: six lists of a place on a day.

Villages without first secretary, teams below their size, terms that end soon, terms that run on
after their planned last day, terms without handover, people who must be replaced.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import Case, Count, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.queries import Place, places
from divisions.scope import in_range
from teams.models import Candidacy, Term
from teams.models.terms import in_force
from teams.queries.need import IN_FORCE, needed_on, values_for
from teams.queries.policies import Policy, policies_in
from teams.queries.roster import JUDGED
from teams.rules.terms import Post

PAGE_ROWS = 50
LOOK_BACK = timedelta(days=365)
"""How long after its end a term without handover is still asked for."""


class Gap(StrEnum):
    """What is listed."""

    VACANT = "vacant"
    SMALL = "small"
    ENDING = "ending"
    OVERDUE = "overdue"
    HANDOVER = "handover"
    REPLACE = "replace"


GAP_LABELS = {
    Gap.VACANT: _("without first secretary"),
    Gap.SMALL: _("team below its size"),
    Gap.ENDING: _("terms ending soon"),
    Gap.OVERDUE: _("terms overdue"),
    Gap.HANDOVER: _("no handover"),
    Gap.REPLACE: _("to be replaced"),
}
OF_VILLAGES = frozenset({Gap.VACANT, Gap.SMALL})


@dataclass(frozen=True)
class VillageGap:
    """A village without first secretary, or with too few people.

    `since` is the first day without; None where nobody ever was and no list names a day. `starts`
    is when the next first secretary begins, `candidates` how many are proposed.
    """

    place: Place
    people: int
    fewest: int
    since: date | None
    starts: date | None
    is_overdue: bool
    days: int | None
    candidates: int = 0


@dataclass(frozen=True)
class TermGap:
    """A term that asks for something: `day` is the day that counts, `days` from today to it."""

    place: Place
    term: Term
    day: date
    days: int
    has_handover: bool

    @property
    def days_over(self) -> int:
        """How many days ago it was."""
        return -self.days


@dataclass(frozen=True)
class GapPage:
    """One page of a list; `has_more` tells whether another one follows."""

    kind: Gap
    villages: list[VillageGap]
    terms: list[TermGap]
    has_more: bool


def gap_counts(code: str, today: date) -> dict[Gap, int]:
    """How many stand on each list, at or below `code`; four queries."""
    policies = policies_in(code, today.year)
    statement = f"""
        WITH {needed_on(policies, today, today=today)}, {JUDGED}
        SELECT count(*) FILTER (WHERE needed AND NOT led),
            count(*) FILTER (WHERE needed AND people > 0 AND people < fewest)
        FROM judged
    """  # noqa: S608 - parts of these modules
    with connection.cursor() as cursor:
        cursor.execute(statement, values_for(code, policies, today))
        vacant, small = cursor.fetchone()
    conditions = {kind.value: Count("pk", filter=one) for kind, one in _conditions(today).items()}
    found = _asked(code, policies, today).aggregate(**conditions)
    return {
        Gap.VACANT: vacant,
        Gap.SMALL: small,
        **{Gap(name): number for name, number in found.items()},
    }


def gap_page(code: str, kind: Gap, today: date, *, number: int = 1) -> GapPage:
    """A page of a list, the most urgent first; pages count from 1."""
    policies = policies_in(code, today.year)
    rows = slice((number - 1) * PAGE_ROWS, number * PAGE_ROWS + 1)
    if kind in OF_VILLAGES:
        villages = _villages(code, kind, today, policies, rows)
        return GapPage(kind, villages[:PAGE_ROWS], [], len(villages) > PAGE_ROWS)
    terms = _terms(code, kind, today, policies, rows)
    return GapPage(kind, [], terms[:PAGE_ROWS], len(terms) > PAGE_ROWS)


def _asked(code: str, policies: Mapping[str, Policy], today: date) -> QuerySet[Term]:
    """The terms that a list may name: those that run, and those that ended a while ago.

    Each with `last`, its last day as known or planned, and `soon`, the day until which an end is
    near in its county.
    """
    recent = Q(last_day=None) | Q(last_day__gte=today - LOOK_BACK)
    found = Term.everywhere.within(code).filter(recent, starts_on__lte=today)
    return found.annotate(last=Least("last_day", "due_on"), soon=_soon(policies, today))


def _soon(policies: Mapping[str, Policy], today: date) -> Case:
    """Counties with other days than most are named one by one."""
    by_days = Counter(one.ending_days for one in policies.values())
    usual = by_days.most_common(1)[0][0] if by_days else 0
    return Case(
        *(
            When(in_range("village_id", county), then=Value(_later(today, one.ending_days)))
            for county, one in policies.items()
            if one.ending_days != usual
        ),
        default=Value(_later(today, usual)),
        output_field=DateField(),
    )


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _conditions(today: date) -> dict[Gap, Q]:
    """Which of the terms of `_asked` stand on each list."""
    running = in_force(today)
    passed = Q(last_day__lt=today) | running & Q(due_on__lt=today)
    return {
        Gap.ENDING: running & Q(last__gte=today, last__lte=F("soon")),
        Gap.OVERDUE: running & Q(due_on__lt=today),
        Gap.HANDOVER: Q(handover=None) & passed,
        Gap.REPLACE: running & Q(replace_by__isnull=False),
    }


def _terms(
    code: str, kind: Gap, today: date, policies: Mapping[str, Policy], rows: slice
) -> list[TermGap]:
    """The terms of a list with the day that counts, the earliest first; three queries."""
    day = {Gap.OVERDUE: F("due_on"), Gap.REPLACE: F("replace_by")}.get(kind, F("last"))
    found = _asked(code, policies, today).filter(_conditions(today)[kind]).annotate(day=day)
    ordered = found.order_by("day", "village_id", "pk")
    terms = list(ordered.select_related("cadre", "unit", "handover")[rows])
    named = _named(term.village_id for term in terms)
    return [
        TermGap(
            place=named[term.village_id],
            term=term,
            day=term.day,
            days=(term.day - today).days,
            has_handover=hasattr(term, "handover"),
        )
        for term in terms
    ]


def _named(codes: Iterable[str]) -> dict[str, Place]:
    found = places(Division.objects.filter(pk__in=set(codes)))
    return {one.division.pk: one for one in found}


VACANT_SINCE = f"""
    SELECT judged.village, judged.people, judged.fewest, policy.gap,
        greatest(
            (SELECT max(term.last_day) + 1 FROM teams_term term
                WHERE term.village_id = judged.village AND term.post = '{Post.FIRST_SECRETARY}'
                AND term.last_day < %(on)s),
            (SELECT max(listed.starts_on) FROM teams_teamvillage listed
                WHERE listed.village_id = judged.village AND {IN_FORCE.format(row="listed")})
        ) AS since,
        (SELECT min(term.starts_on) FROM teams_term term
            WHERE term.village_id = judged.village AND term.post = '{Post.FIRST_SECRETARY}'
            AND term.starts_on > %(on)s) AS starts
    FROM judged JOIN policy ON policy.county = left(judged.village, 6)
"""  # noqa: S608 - no value is put in
LISTS = {
    Gap.VACANT: "needed AND NOT led ORDER BY since NULLS FIRST, village",
    Gap.SMALL: "needed AND people > 0 AND people < judged.fewest ORDER BY people, village",
}


def _villages(
    code: str, kind: Gap, today: date, policies: Mapping[str, Policy], rows: slice
) -> list[VillageGap]:
    """The villages of a list; four queries."""
    statement = f"""
        WITH {needed_on(policies, today, today=today)}, {JUDGED} {VACANT_SINCE}
        WHERE {LISTS[kind]} LIMIT %(count)s OFFSET %(skipped)s
    """
    values = values_for(code, policies, today)
    values |= {"count": rows.stop - rows.start, "skipped": rows.start}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    named, proposed = _named(row[0] for row in found), proposed_for([row[0] for row in found])
    gaps = []
    for village, people, fewest, gap_days, since, starts in found:
        days = (today - since).days if since else None
        gaps.append(
            VillageGap(
                place=named[village],
                people=people,
                fewest=fewest,
                since=since,
                starts=starts,
                is_overdue=days is None or days > gap_days,
                days=days,
                candidates=proposed[village],
            )
        )
    return gaps


def proposed_for(villages: Iterable[str]) -> Counter[str]:
    """How many are proposed as first secretary of each village, in dispatches under way."""
    found = Candidacy.objects.filter(
        village__in=list(villages), post=Post.FIRST_SECRETARY, case__closed_at=None
    )
    return Counter(found.values_list("village_id", flat=True))
