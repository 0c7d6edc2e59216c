"""Years to assess: somebody who served, the days of his year, the points of three sides."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.utils import timezone

from teams.actions.assessing import advance, give_points, open_assessment, record_poll
from teams.models import Assessment, Term, Training
from teams.rules.assessment import Assessor, Grade
from teams.rules.presence import Source, Status
from tests import factories as make
from tests.cast import Cast
from trail.dates import business_date
from trail.rules import digest
from workflow.models import Case, CaseEvent

YEAR = 2025
FIRST = date(YEAR, 1, 1)
POINTS = {"village": 95, "township": 93, "county": 91}
GIVERS = {
    "village": "village_official",
    "township": "township_reviewer",
    "county": "county_clerk",
    "unit": "county_clerk",
}


DAYS = """
    INSERT INTO teams_presence (uuid, term_id, cadre_id, village_id, day, status, source, note,
        recorded_by_id)
    SELECT gen_random_uuid(), %s, %s, %s, %s::date + n, CASE WHEN n < %s THEN %s ELSE %s END,
        CASE WHEN n < %s THEN %s ELSE %s END, '', %s
    FROM generate_series(0, %s - 1) AS n
"""


def serving(days: int = 220, *, absent: int = 0, village: str = make.VILLAGE, **fields) -> Term:
    """Somebody who served the whole year, was there on so many days and absent on so many."""
    term = make.make_term(
        make.make_cadre(village[:6], **fields), village, starts_on=date(YEAR - 1, 12, 1)
    )
    record_days(term, days, absent)
    return term


def record_days(term: Term, days: int, absent: int = 0, *, first: date = FIRST) -> None:
    """Days in the village from the first day on, then days absent without leave."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS, [
            term.pk, term.cadre_id, term.village_id, first, days, Status.IN_VILLAGE, Status.ABSENT,
            days, Source.VILLAGE, Source.INSPECTION, make.the_operator().pk, days + absent,
        ])  # fmt: skip


def scored(cast: Cast, term: Term, *, satisfied: int = 45, **points: int) -> Case:
    """An assessment with points of three sides and a poll of 50 villagers."""
    case = open_assessment(term.cadre, YEAR, by=cast.county_clerk)
    for side, given in (POINTS | points).items():
        by = getattr(cast, GIVERS[side])
        give_points(case.pk, side=Assessor(side), points=given, by=by)
    record_poll(
        case.pk, asked=50, satisfied=satisfied, seen=(None, None), by=cast.township_reviewer
    )
    return case


def graded(cast: Cast, term: Term, grade: Grade, **entries: int) -> Case:
    """An assessment whose grade is proposed."""
    case = scored(cast, term, **entries)
    propose(cast, case, grade)
    case.refresh_from_db()
    return case


def propose(cast: Cast, case: Case, grade: Grade) -> CaseEvent:
    """The clerk's step."""
    case.refresh_from_db()
    evidence = {"grade": str(grade.value), "summary": "全年在岗，群众认可"}
    return advance(case.pk, "grade", by=cast.county_clerk, version=case.version, evidence=evidence)


def confirm(cast: Cast, case: Case) -> CaseEvent:
    """The approver's step."""
    case.refresh_from_db()
    return advance(case.pk, "confirm", by=cast.county_approver, version=case.version)


def of(case: Case) -> Assessment:
    """The assessment of a case, as it stands."""
    return Assessment.objects.get(case=case)


def confirmed(term: Term, grade: Grade, *, year: int = YEAR) -> Assessment:
    """A grade that stands, written without its procedure."""
    case = case_of(term, state="confirmed", facts={"state": 0, "year": year})
    today = business_date()
    return Assessment.objects.create(
        case=case, cadre=term.cadre, term=term, year=year, grade=grade, confirmed_on=today
    )


def case_of(term: Term, **fields: Any) -> Case:
    """A case about somebody's year with its first event, in any state."""
    subject = SimpleNamespace(number=term.cadre.number, village_id=term.village_id)
    facts = {"facts_hash": digest(fields["facts"])}
    closed = {"closed_at": timezone.now()} if fields["state"] == "confirmed" else {}
    return make.make_case(subject, "assessment", **fields | facts | closed)  # type: ignore[arg-type]


def make_assessment(cast: Cast) -> Assessment:
    """An open assessment of somebody who serves in VILLAGE."""
    return of(open_assessment(make.make_term().cadre, YEAR, by=cast.county_clerk))


def make_training(division: str = make.COUNTY, **fields: object) -> Training:
    """A course of two days in YEAR."""
    defaults = {
        "title": "驻村干部轮训",
        "starts_on": date(YEAR, 5, 12),
        "last_day": date(YEAR, 5, 13),
        "recorded_by": make.the_operator(),
    }
    return Training.everywhere.create(division_id=division, **defaults | fields)
