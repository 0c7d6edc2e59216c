"""Members of a team in VILLAGE whose accounts are theirs, and days on record."""

from datetime import date, timedelta

from officers.models import Officer
from teams.actions.absences import Asked, advance, ask_absence
from teams.models import Presence, Term
from teams.rules.presence import AbsenceKind, Source, Status
from teams.rules.terms import Span
from tests import factories as make
from tests.cast import Cast
from trail.dates import business_date
from workflow.models import Case


def serving(account: Officer | None, village: str = make.VILLAGE, **fields) -> Term:
    """A term that runs in the village, of a person with this account."""
    cadre = make.make_cadre(village[:6], account=account)
    start = business_date() - timedelta(days=400)
    return make.make_term(cadre, village, **{"starts_on": start} | fields)


def on_record(term: Term, day: date, status: Status, source: Source, **fields) -> Presence:
    """A day as it stands in the table."""
    return Presence.everywhere.create(
        term=term, cadre_id=term.cadre_id, village_id=term.village_id, day=day, status=status,
        source=source, **{"recorded_by": make.the_operator()} | fields,
    )  # fmt: skip


def ahead(first: int, days: int) -> Span:
    """So many days, the first of them `first` days from today."""
    start = business_date() + timedelta(days=first)
    return Span(start, start + timedelta(days=days - 1))


def asked(by: Officer, days: Span, kind: AbsenceKind = AbsenceKind.PERSONAL) -> Case:
    """A request of the officer himself."""
    return ask_absence(Asked(kind, days, "母亲住院"), by=by)


def approved(cast: Cast, days: Span, kind: AbsenceKind = AbsenceKind.PERSONAL) -> Case:
    """A request of the first secretary that the township, or the county after it, approved."""
    case = asked(cast.first_secretary, days, kind)
    if case.facts["needs_county"]:
        advance(case.pk, "pass_on", by=cast.township_reviewer, version=1)
        advance(case.pk, "approve", by=cast.county_approver, version=2)
    else:
        advance(case.pk, "approve", by=cast.township_reviewer, version=1)
    return case
