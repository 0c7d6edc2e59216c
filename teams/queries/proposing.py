"""Whom an officer can propose for a post, and which candidates are under way."""

from dataclasses import dataclass
from datetime import MAXYEAR, date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from divisions.models import Division
from officers.models import Officer
from teams.models import POST_NAMES, Cadre, Candidacy, Term
from teams.procedure import DISPATCH
from teams.queries.candidates import COUNTY_DIGITS, checks_for, point_of
from teams.queries.cases import Point
from teams.queries.serving import not_over
from teams.refusals import EntryRefused
from teams.rules.terms import Post
from workflow.models import Case
from workflow.parameters import TEAM_TERM_YEARS
from workflow.queries import parameter

OFFERED = 200
NAMED_AT_MOST = 6
FEBRUARY, LEAP_DAY, DAY_BEFORE = 2, 29, 28


def recorded_here(officer: Officer) -> QuerySet[Cadre]:
    """Everybody whom the officer's county records: a township proposes out of the county's list."""
    county = officer.acting_division[:COUNTY_DIGITS]
    return Cadre.everywhere.filter(division_id=county).select_related("unit")


def offered(officer: Officer, *, today: date) -> list[tuple[str, str]]:
    """The people to offer beside the field, by number: those who serve nowhere."""
    busy = Exists(Term.everywhere.filter(not_over(today), cadre=OuterRef("pk")))
    found = recorded_here(officer).exclude(busy).order_by("number")[:OFFERED]
    return [
        (one.number, " · ".join(filter(None, (one.name, one.unit.name if one.unit else ""))))
        for one in found
    ]


def find_person(officer: Officer, text: str) -> Cadre:
    """The one person of the county that a number or a whole name means.

    Raises EntryRefused at "person", naming the numbers to choose from when several have the name.
    """
    text = text.strip()
    found = list(recorded_here(officer).filter(number=text.upper()))
    found = found or list(recorded_here(officer).filter(name=text)[: NAMED_AT_MOST + 1])
    if len(found) == 1:
        return found[0]
    if found:
        names = "; ".join(f"{one.number} {one.unit.name if one.unit else ''}" for one in found)
        said = _("several people have this name. Write the number: %(people)s.") % {"people": names}
    else:
        said = _("the county records nobody with this number or name. Ask the county clerk.")
    raise EntryRefused([("person", said)])


def planned_end(village: str, starts_on: date) -> date:
    """The last day of a term as long as the policy of the village says."""
    years = parameter(TEAM_TERM_YEARS, village[:COUNTY_DIGITS], starts_on.year)
    is_leap = (starts_on.month, starts_on.day) == (FEBRUARY, LEAP_DAY)
    day = DAY_BEFORE if is_leap else starts_on.day
    return date(min(starts_on.year + years, MAXYEAR), starts_on.month, day)


def points_for(cadre: Cadre, village: Division, post: str, starts_on: date) -> list[Point]:
    """The conditions of the post with their answers, for the page that proposes."""
    return [point_of(one) for one in checks_for(cadre, village.pk, post, starts_on)]


@dataclass(frozen=True)
class CandidateRow:
    """An open dispatch: who, where, as what, from when, and how long it waits where it stands."""

    case: Case
    candidacy: Candidacy
    post: str
    state: str
    days: int


def candidate_rows(officer: Officer, state: str, *, today: date) -> list[CandidateRow]:
    """The open dispatches within the posting, those that wait longest first."""
    found = Case.objects.visible_to(officer).open().filter(kind=DISPATCH.kind)
    if state:
        found = found.filter(state=state)
    cases = found.select_related("candidacy__cadre__unit", "candidacy__village").defer("facts")
    return [
        CandidateRow(
            one,
            one.candidacy,
            str(POST_NAMES[Post(one.candidacy.post)]),
            _(DISPATCH.states[one.state]),
            (today - one.entered_state_on).days,
        )
        for one in cases.order_by("entered_state_on", "pk")
    ]


def open_states() -> list[tuple[str, str]]:
    """The states in which a dispatch is open, with their labels."""
    final = DISPATCH.final_states()
    return [(name, _(label)) for name, label in DISPATCH.states.items() if name not in final]
