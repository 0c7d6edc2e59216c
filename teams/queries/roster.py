"""The roster of a place on a day: its villages with a team or in need of one, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.queries import Place, places
from teams.models import Handover, Term
from teams.queries.need import IN_FORCE, IN_RANGE, needed_on, values_for
from teams.queries.policies import Policy, policies_in
from teams.rules.terms import Lack, Post, ends_soon, is_overdue, team_lacks

PAGE_ROWS = 50
NEEDED, UNNEEDED = "+", "-"
ENDING, OVERDUE = "ending", "overdue"
LACK_LABELS: dict[str, Promise] = {
    Lack.NO_TEAM: _("no team"),
    Lack.NO_FIRST_SECRETARY: _("no first secretary"),
    Lack.TOO_FEW: _("too few people"),
    ENDING: _("a term ends soon"),
    OVERDUE: _("a term is overdue"),
}
LACK_TAGS: dict[str, str] = {
    Lack.NO_TEAM: "bad-tag",
    Lack.NO_FIRST_SECRETARY: "bad-tag",
    Lack.TOO_FEW: "warn",
    ENDING: "info",
    OVERDUE: "warn",
}
LACKING: dict[str, str] = {
    Lack.NO_TEAM: "needed AND people = 0",
    Lack.NO_FIRST_SECRETARY: "needed AND people > 0 AND NOT led",
    Lack.TOO_FEW: "needed AND people > 0 AND people < fewest",
    ENDING: "ending",
    OVERDUE: "overdue",
}
JUDGED = f"""
    serving AS (
        SELECT term.village_id AS village, count(*) AS people,
            bool_or(term.post = 'first_secretary') AS led,
            min(least(term.last_day, term.due_on)) FILTER (
                WHERE least(term.last_day, term.due_on) >= %(on)s) AS next_end,
            min(term.due_on) < %(on)s AS overdue
        FROM teams_term term
        WHERE {IN_RANGE.format(column="term.village_id")} AND {IN_FORCE.format(row="term")}
        GROUP BY 1
    ),
    villages AS (
        SELECT coalesce(needed.village, serving.village) AS village,
            needed.village IS NOT NULL AS needed,
            coalesce(serving.people, 0) AS people, coalesce(serving.led, false) AS led,
            serving.next_end, coalesce(serving.overdue, false) AS overdue
        FROM needed FULL JOIN serving ON serving.village = needed.village
    ),
    judged AS MATERIALIZED (
        SELECT villages.village, needed, people, led, overdue, policy.fewest,
            coalesce(next_end <= %(on)s + policy.ending, false) AS ending
        FROM villages JOIN policy ON policy.county = left(villages.village, 6)
    )
"""  # noqa: S608 - no value is put in
SERVED_BY = f"""
    village IN (
        SELECT term.village_id FROM teams_term term
        JOIN teams_cadre cadre ON cadre.id = term.cadre_id
        LEFT JOIN teams_unit unit ON unit.id = term.unit_id
        WHERE {IN_RANGE.format(column="term.village_id")} AND {IN_FORCE.format(row="term")}
            AND (%(name)s = '' OR strpos(cadre.name, %(name)s) > 0)
            AND (%(unit)s = '' OR strpos(unit.name, %(unit)s) > 0)
    )
"""  # noqa: S608


@dataclass(frozen=True)
class Wanted:
    """Which villages: at or below a place, on a day, with a lack, with somebody or some unit."""

    place: str
    on: date
    lack: str = ""
    name: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """A village on the roster with everybody who serves there on the day, the secretary first."""

    place: Place
    is_needed: bool
    terms: list[Term]
    lacks: list[str]
    """Keys of LACK_LABELS."""

    @property
    def village(self) -> Division:
        """The village itself."""
        return self.place.division

    @property
    def first_secretary(self) -> Term | None:
        """Who leads, if anybody."""
        return next((one for one in self.terms if one.post == Post.FIRST_SECRETARY), None)

    @property
    def tags(self) -> list[tuple[str, Promise]]:
        """The lacks as kinds of tag and words."""
        return [(LACK_TAGS[one], LACK_LABELS[one]) for one in self.lacks]

    @property
    def others(self) -> list[Term]:
        """The rest of the team."""
        return [one for one in self.terms if one.post != Post.FIRST_SECRETARY]


@dataclass(frozen=True)
class Page:
    """One page of the roster; `counts` are villages by lack, whatever lack is chosen."""

    rows: list[Row]
    total: int
    needed: int
    people: int
    counts: dict[str, int] = field(default_factory=dict)
    following: str = ""
    previous: str = ""
    """The villages after and before which the next and the previous page stand; "" for none."""


def roster_page(wanted: Wanted, *, today: date, after: str = "", before: str = "") -> Page:
    """A page of PAGE_ROWS villages in code order; the place is within the officer's posting."""
    policies = policies_in(wanted.place, wanted.on.year)
    values = values_for(wanted.place, policies, wanted.on) | {
        "name": wanted.name,
        "unit": wanted.unit,
        "edge": before or after,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(wanted, policies, today, before), values)
        total, needed, people, found, *by_lack = cursor.fetchone()
    counts = dict(zip(LACKING, by_lack, strict=True))
    more, kept = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    kept = kept[::-1] if before else kept
    rows = rows_of(kept, wanted.on, policies)
    ahead, behind = (True, more) if before else (more, bool(after))
    return Page(
        rows=rows,
        total=counts[wanted.lack] if wanted.lack else total,
        needed=needed,
        people=people,
        counts=counts,
        following=rows[-1].village.pk if rows and ahead else "",
        previous=rows[0].village.pk if rows and behind else "",
    )


def _statement(wanted: Wanted, policies: Mapping[str, Policy], today: date, before: str) -> str:
    """The counts of all villages, and the page as an array: the villages are judged once.

    A page stands after the edge, or right before it, then the nearest first. A village that needs
    a team is marked by a plus behind its code.
    """
    each = ", ".join(f"count(*) FILTER (WHERE {one})" for one in LACKING.values())
    narrowed = SERVED_BY if wanted.name or wanted.unit else "true"
    edge, order = ("village < %(edge)s", "DESC") if before else ("village > %(edge)s", "ASC")
    return f"""
        WITH {needed_on(policies, wanted.on, today=today)}, {JUDGED},
        found AS MATERIALIZED (SELECT * FROM judged WHERE {narrowed})
        SELECT count(*), count(*) FILTER (WHERE needed), coalesce(sum(people), 0),
            ARRAY(
                SELECT village || CASE WHEN needed THEN '{NEEDED}' ELSE '{UNNEEDED}' END
                FROM found WHERE {LACKING.get(wanted.lack, "true")} AND {edge}
                ORDER BY village {order} LIMIT {PAGE_ROWS + 1}
            ),
            {each}
        FROM found
    """  # noqa: S608 - parts of this module


def rows_of(marked: Sequence[str], on: date, policies: Mapping[str, Policy]) -> list[Row]:
    """These villages with their teams on a day, in the order given; four queries."""
    codes = [one[:-1] for one in marked]
    teams = teams_on(codes, on)
    named = {one.division.pk: one for one in places(Division.objects.filter(pk__in=codes))}
    rows = []
    for one in marked:
        code, is_needed = one[:-1], one[-1] == NEEDED
        team, policy = teams[code], policies[code[:6]]
        lacks = short_of(team, policy) if is_needed else []
        rows.append(Row(named[code], is_needed, team, lacks + endings_in(team, on, policy)))
    return rows


def teams_on(villages: Iterable[str], on: date) -> dict[str, list[Term]]:
    """Who serves in each of these villages on a day, first secretary, leader, members."""
    teams: dict[str, list[Term]] = {code: [] for code in villages}
    order = list(Post)
    terms = Term.everywhere.in_force(on).filter(village__in=list(teams))
    for term in sorted(
        terms.select_related("cadre", "unit"),
        key=lambda one: (order.index(Post(one.post)), one.starts_on, one.pk),
    ):
        teams[term.village_id].append(term)
    return teams


def short_of(terms: Sequence[Term], policy: Policy) -> list[str]:
    """What a team lacks in a village that must have one."""
    return list(team_lacks([term.post for term in terms], fewest=policy.fewest))


def endings_in(terms: Sequence[Term], on: date, policy: Policy) -> list[str]:
    """Whether terms of a team end soon, or run on after their planned last day."""
    days = policy.ending_days
    found = []
    if any(ends_soon(term.span, term.due_on, on, days=days) for term in terms):
        found.append(ENDING)
    if any(is_overdue(term.span, term.due_on, on) for term in terms):
        found.append(OVERDUE)
    return found


def handed_over(terms: Iterable[Term]) -> dict[int, Handover]:
    """The handovers of these terms by term, without their words."""
    found = Handover.objects.filter(term__in=[one.pk for one in terms])
    return {one.term_id: one for one in found.defer("content_sealed").select_related("to")}
