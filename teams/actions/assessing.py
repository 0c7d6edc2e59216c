"""Assessing somebody's year: opening it, points, the villagers' word, the grade and its quota.

Locks are taken in one order: the county, the case, the assessment, the term.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import Division
from officers.models import Officer
from officers.rights import require
from teams.models import Assessment, Cadre, Score, Term
from teams.procedure import ASSESSMENT, BEGIN, CLERK, CONFIRMED, TOWNSHIP
from teams.queries.assessments import (
    COUNTY_DIGITS,
    FIRST_YEAR,
    SCORING,
    differences_of,
    quota_of,
    weigh,
)
from teams.queries.served import end_of, main_terms
from teams.rights import ASSESSORS, SIDES
from teams.rules.assessment import Assessor, Grade, quota_is_kept
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.rules import digest
from trail.transactions import retried
from workflow.actions import Opening, amend, open_cases, take_step
from workflow.errors import Incomplete
from workflow.models import Case, CaseEvent
from workflow.parameters import ASSESSMENT_REPLACEMENT_DAYS
from workflow.queries import open_cases_of, parameter


@dataclass(frozen=True)
class Opened:
    """What became of everybody who served: new cases, and how many had one or a grade already."""

    cases: list[Case]
    passed_over: int


@retried
@transaction.atomic
def open_assessment(cadre: Cadre, year: int, *, by: Officer) -> Case:
    """Open the assessment of one person's year.

    Raises NotAllowed, also for oneself; AlreadyOpen; Refused for a year without service here, one
    that has not come, or one that has its grade.
    """
    county = _locked_county(by)
    _refuse_year(year)
    if cadre.account_id == by.pk:
        raise _himself()
    terms = main_terms(year, county, end_of(year, business_date()))
    term = next((one for one in terms if one.cadre_id == cadre.pk), None)
    if term is None:
        raise Refused(
            _("%(name)s did not serve here in %(year)s, or longer elsewhere. Choose another year.")
            % {"name": cadre.name, "year": year},
            code="no_service",
        )
    if Assessment.objects.filter(cadre=cadre, year=year, grade__isnull=False).exists():
        raise Refused(
            _("%(name)s has a grade for %(year)s already.") % {"name": cadre.name, "year": year},
            code="graded",
        )
    return _opened([term], year, by=by)[0]


@retried
@transaction.atomic
def open_assessments(year: int, *, by: Officer) -> Opened:
    """Open the assessments of all who served in the clerk's county in a year, for one day at least.

    Whoever has an open assessment or a grade for the year is passed over, and so is the clerk.
    Raises NotAllowed; Refused for a year that has not come.
    """
    county = _locked_county(by)
    _refuse_year(year)
    terms = main_terms(year, county, end_of(year, business_date()))
    has_grade = set(
        Assessment.objects.filter(
            cadre__in=[one.cadre_id for one in terms], year=year, grade__isnull=False
        ).values_list("cadre", flat=True)
    )
    under_way = open_cases_of(ASSESSMENT.kind, [one.cadre.number for one in terms])
    due = [
        one
        for one in terms
        if one.cadre_id not in has_grade
        and one.cadre.number not in under_way
        and one.cadre.account_id != by.pk
    ]
    return Opened(_opened(due, year, by=by), len(terms) - len(due))


def _locked_county(by: Officer) -> str:
    """The county of the clerk, locked: who is assessed there does not change meanwhile."""
    posting = require(by, *CLERK)
    Division.objects.select_for_update(no_key=True).get(pk=posting.division_id)
    return posting.division_id


def _refuse_year(year: int) -> None:
    if not FIRST_YEAR <= year <= business_date().year:
        raise Refused(
            _("Choose a year from %(first)s to %(last)s.")
            % {"first": FIRST_YEAR, "last": business_date().year},
            code="wrong_year",
        )


def _opened(terms: Sequence[Term], year: int, *, by: Officer) -> list[Case]:
    openings = [
        Opening(ASSESSMENT.kind, one.cadre.number, one.village_id, _facts(one, year))
        for one in terms
    ]
    cases = open_cases(openings, by=by)
    Assessment.objects.bulk_create(
        Assessment(case=case, cadre=one.cadre, term=one, year=year)
        for case, one in zip(cases, terms, strict=True)
    )
    return cases


def _facts(term: Term, year: int) -> dict[str, Any]:
    return {
        "state": BEGIN,
        "cadre": term.cadre.number,
        "village": term.village_id,
        "year": year,
        "term": term.pk,
    }


def _himself() -> NotAllowed:
    return NotAllowed(
        _("Nobody assesses himself. Another officer must do this."), code="own_assessment"
    )


def _locked(case_id: int, *, by: Officer) -> Assessment:
    """The assessment with its case, both locked. Raises NotAllowed for the one who is assessed."""
    Case.everywhere.select_for_update().get(pk=case_id, kind=ASSESSMENT.kind)
    found = (
        Assessment.objects.select_for_update(of=["self"])
        .select_related("case", "cadre")
        .get(case_id=case_id)
    )
    if found.cadre.account_id == by.pk:
        raise _himself()
    return found


def _refuse_late(assessment: Assessment) -> None:
    if assessment.case.state != SCORING:
        raise Refused(
            _("A grade is proposed already. The county must return it before this changes."),
            code="too_late",
        )


@retried
@transaction.atomic
def give_points(
    case_id: int, *, side: Assessor, points: int, remark: str = "", by: Officer
) -> Score:
    """Give points once, for the side of one's role; a clerk also records those of the unit.

    Raises NotAllowed (role, place, oneself); Refused for a second time, also for another side, and
    once a grade is proposed; Incomplete for impossible points.
    """
    assessment = _locked(case_id, by=by)
    posting = require(by, *ASSESSORS, code=assessment.case.division_id)
    if side not in SIDES[posting.role]:
        raise NotAllowed(_("Your role gives no points for this side."), code="wrong_side")
    _refuse_late(assessment)
    if not 0 <= points <= 100:
        text = _("Enter a whole number from 0 to 100.")
        raise Incomplete(text, details={"fields": {"points": text}})
    own = assessment.scores.filter(given_by=by).first()
    if own is not None:
        raise Refused(
            _("You gave points on %(day)s already. Nobody gives points twice.")
            % {"day": timezone.localdate(own.given_at)},
            code="given",
        )
    if side == Assessor.UNIT and assessment.scores.filter(assessor=side).exists():
        raise Refused(_("The points of the unit are on record already."), code="given")
    score = Score(
        assessment=assessment,
        assessor=side,
        points=points,
        remark=remark,
        given_by=by,
        assessed=assessment.cadre.account,
    )
    score.full_clean()
    score.save(force_insert=True)
    record(
        by=by,
        action="give_points",
        subject=assessment,
        division=assessment.case.division_id,
        after={"assessor": side, "points": points},
    )
    return score


@retried
@transaction.atomic
def record_poll(
    case_id: int,
    *,
    asked: int,
    satisfied: int,
    seen: tuple[int | None, int | None],
    by: Officer,
) -> Assessment:
    """Record how many villagers were asked and how many are satisfied, or correct that.

    `seen` is what the officer saw on record. Raises NotAllowed; Stale when it is something else by
    now; Refused once a grade is proposed; Incomplete for impossible numbers.
    """
    assessment = _locked(case_id, by=by)
    require(by, *TOWNSHIP, code=assessment.case.division_id)
    _refuse_late(assessment)
    before = (assessment.asked, assessment.satisfied)
    if before != seen:
        raise Stale(
            _("Somebody else recorded this meanwhile. Compare, then enter it anew."),
            details={
                "differences": [
                    {"label": label, "before": typed, "after": now}
                    for label, typed, now in zip(
                        (_("Villagers asked"), _("Satisfied villagers")),
                        (asked, satisfied),
                        before,
                        strict=True,
                    )
                    if typed != now
                ]
            },
        )
    if asked < 1:
        text = _("At least one villager must be asked.")
        raise Incomplete(text, details={"fields": {"asked": text}})
    if not 0 <= satisfied <= asked:
        text = _("More villagers are satisfied than were asked.")
        raise Incomplete(text, details={"fields": {"satisfied": text}})
    assessment.asked, assessment.satisfied, assessment.polled_by = asked, satisfied, by
    assessment.save(update_fields=["asked", "satisfied", "polled_by"])
    record(
        by=by,
        action="record_poll",
        subject=assessment,
        division=assessment.case.division_id,
        before=None if before[0] is None else {"asked": before[0], "satisfied": before[1]},
        after={"asked": asked, "satisfied": satisfied},
    )
    return assessment


@retried
@transaction.atomic
def advance(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step of an assessment.

    A proposed grade rests on a snapshot of all that decides; its confirmation sets it, and who
    fails must be replaced by a day. Raises what `take_step` raises; NotAllowed for the one who is
    assessed; Stale with what differs when the year looks different by now; Refused when the places
    for excellent are taken, or a withdrawal would leave fewer places than are taken.
    """
    place = Case.everywhere.values_list("division_id", flat=True).get(pk=case_id)
    Division.objects.select_for_update(no_key=True).get(pk=place[:COUNTY_DIGITS])
    assessment = _locked(case_id, by=by)
    if step == "grade":
        version = _with_snapshot(assessment, version, dict(evidence or {}), by=by)
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == CONFIRMED:
        _confirm(assessment, event.case, by=by)
    elif event.step == "withdraw":
        _refuse_fewer_places(place[:COUNTY_DIGITS], assessment.year)
    return event


def _with_snapshot(
    assessment: Assessment, version: int, said: Mapping[str, Any], *, by: Officer
) -> int:
    """Put what the grade rests on, and the grade, into the case; its version after that."""
    case = assessment.case
    given = str(said.get("grade", ""))
    facts = {name: case.facts[name] for name in ("state", "cadre", "village", "year", "term")}
    facts |= weigh([assessment])[case.pk].snapshot()
    if given.isdecimal():
        facts["given"] = int(given)
    if digest(facts) == case.facts_hash:
        return version
    note = _("All that the grade rests on")
    return amend(case.pk, by=by, facts=facts, version=version, note=note).seq


def _confirm(assessment: Assessment, case: Case, *, by: Officer) -> None:
    today = business_date()
    before = case.facts
    now = weigh([assessment])[case.pk].snapshot()
    if moved := differences_of(before, now):
        raise Stale(
            _(
                "The year looks different by now than when the grade was proposed. Return it: the"
                " clerk looks again and proposes the grade anew."
            ),
            code="facts_changed",
            details={"differences": moved},
        )
    assessment.grade, assessment.confirmed_on = int(before["given"]), today
    assessment.save(update_fields=["grade", "confirmed_on"])
    record(
        by=by,
        action="confirm_grade",
        subject=assessment,
        division=case.division_id,
        after={"year": assessment.year, "grade": assessment.grade},
    )
    if assessment.grade == Grade.INCOMPETENT:
        _ask_to_replace(assessment, case, by=by)


def _ask_to_replace(assessment: Assessment, case: Case, *, by: Officer) -> None:
    """Set the day until which somebody who failed must be replaced where he still serves."""
    today = business_date()
    running = Term.everywhere.in_force(today).filter(cadre=assessment.cadre_id)
    term = running.select_for_update().first()
    if term is None:
        return
    days = int(parameter(ASSESSMENT_REPLACEMENT_DAYS, term.village_id, today.year))
    before, term.replace_by = term.replace_by, today + timedelta(days=days)
    term.version += 1
    term.save(update_fields=["replace_by", "version"])
    record(
        by=by,
        action="ask_to_replace",
        subject=term,
        division=term.village_id,
        before={"replace_by": before.isoformat() if before else None},
        after={"replace_by": term.replace_by.isoformat(), "case": case.pk},
    )


def _refuse_fewer_places(county: str, year: int) -> None:
    """Who is withdrawn takes no part in the quota any more, so those who are excellent might not
    have their places left.
    """
    quota = quota_of(county, year)
    if not quota_is_kept(quota.taken, quota.people, quota.percent):
        raise Refused(
            _(
                "%(taken)s people are excellent already, and without this assessment there would"
                " be only %(places)s places. It cannot be withdrawn any more."
            )
            % {"taken": quota.taken, "places": quota.places},
            code="quota",
        )
