"""One village: its team on a day, everybody who ever served there, who is to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from divisions.models import Division
from officers.models import Officer
from teams.models import Cadre, Candidacy, Term
from teams.queries.gaps import LOOK_BACK
from teams.queries.need import needed_villages
from teams.queries.policies import Policy, policies_in
from teams.queries.roster import LACK_LABELS, LACK_TAGS, endings_in, handed_over, short_of, teams_on
from teams.rights import CASE_READERS
from teams.rules.terms import Post


@dataclass(frozen=True)
class TermLine:
    """A term as the page shows it; `is_own` marks that of the officer who looks.

    Of a term that ended long ago nobody asks for a handover any more. Where `is_followed`, a
    successor in the same post is on record and the place changes hands no more.
    """

    term: Term
    is_handed_over: bool
    is_own: bool
    asks_handover: bool
    is_followed: bool


@dataclass(frozen=True)
class Village:
    """A village on a day: the team, the terms that are over, those that are still to begin.

    `candidates` is None for a role that follows no dispatch.
    """

    division: Division
    on: date
    policy: Policy
    is_needed: bool
    team: list[TermLine]
    past: list[TermLine]
    ahead: list[TermLine]
    lacks: list[tuple[str, object]]
    candidates: list[Candidacy] | None

    @property
    def terms(self) -> list[Term]:
        """All terms that the village ever had."""
        return [line.term for line in (*self.past, *self.team, *self.ahead)]


def village_on(officer: Officer, division: Division, on: date, *, today: date) -> Village:
    """The page of a village; the division is within the officer's posting. Nine queries."""
    code = division.pk
    policy = policies_in(code, on.year)[code[:6]]
    is_needed = bool(needed_villages(code, on, today=today))
    team = teams_on([code], on)[code]
    every = Term.everywhere.within(code).select_related("cadre", "unit")
    others = list(every.exclude(pk__in=[one.pk for one in team]).order_by("-starts_on", "-pk"))
    handed = handed_over([*team, *others])

    def lines(terms: Sequence[Term]) -> list[TermLine]:
        return [
            TermLine(
                term=one,
                is_handed_over=one.pk in handed,
                is_own=one.cadre.account_id == officer.pk,
                asks_handover=one.last_day is None or one.last_day >= today - LOOK_BACK,
                is_followed=any(follows(other, one) for other in (*team, *others)),
            )
            for one in terms
        ]

    keys = [*(short_of(team, policy) if is_needed else []), *endings_in(team, on, policy)]
    return Village(
        division=division,
        on=on,
        policy=policy,
        is_needed=is_needed,
        team=lines(team),
        past=lines([one for one in others if one.starts_on <= on]),
        ahead=lines([one for one in others if one.starts_on > on]),
        lacks=[(LACK_TAGS[key], LACK_LABELS[key]) for key in keys],
        candidates=candidates_for(officer, code),
    )


def follows(other: Term, term: Term) -> bool:
    """Whether the other term begins behind the end of this one, in the same place and post."""
    if term.last_day is None or (other.village_id, other.post) != (term.village_id, term.post):
        return False
    return other.starts_on > term.last_day


def is_followed(term: Term) -> bool:
    """Whether a successor of the term is on record."""
    found = Term.everywhere.filter(village=term.village_id, post=term.post)
    return any(follows(other, term) for other in found.exclude(pk=term.pk))


def candidates_for(officer: Officer, village: str) -> list[Candidacy] | None:
    """Who is proposed for the village in a dispatch under way, the first secretaries first.

    None for a role that does not follow dispatches.
    """
    if officer.acting_role not in CASE_READERS:
        return None
    found = Candidacy.objects.filter(village=village, case__closed_at=None)
    named = found.select_related("cadre", "case").defer("case__facts")
    return sorted(named, key=lambda one: (one.post != Post.FIRST_SECRETARY, one.pk))


def takers_of(term: Term, today: date) -> list[Cadre]:
    """Who may take over from somebody: the team of today, those to come, those proposed."""
    serving = Q(terms__village=term.village_id) & (
        Q(terms__last_day=None) | Q(terms__last_day__gte=today)
    )
    proposed = Q(candidacies__village=term.village_id, candidacies__case__closed_at=None)
    found = Cadre.everywhere.filter(serving | proposed).exclude(pk=term.cadre_id)
    return list(found.distinct().order_by("number"))
