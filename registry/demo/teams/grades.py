"""A course of this year, and what the assessments of last year came to, in the clerk's county."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from officers.models import Officer
from registry.demo.accounts import COUNTY, VILLAGE
from registry.demo.teams.terms import Service
from teams.models import Assessment, Incentive, Score, Term, Training, TrainingRecord
from teams.procedure import ASSESSMENT, BEGIN, CONFIRMED
from teams.queries.presence import Totals
from teams.rules.assessment import Assessor, Bounds, Grade, best_grade, excellent_places
from teams.rules.terms import EndReason, covered_days, year_span
from trail.rules import digest
from workflow.models import Case, CaseEvent

ASKED = (20, 40)
FEWEST_DAYS = 180
BEST_POINTS, GOOD_POINTS, BAD_POINTS = (90, 97), (77, 89), (48, 57)
SUMMARIES = {
    Grade.EXCELLENT: "全年在岗扎实，群众满意度高，项目落地成效明显。",
    Grade.COMPETENT: "较好完成驻村帮扶各项任务。",
    Grade.BASIC: "基本完成任务，在岗时间有待加强。",
    Grade.INCOMPETENT: "多次脱岗，走访不落实，群众意见较大。",
}
COURSE, PLACE = "第一书记和驻村干部年度轮训", "县委党校"
COURSE_DAYS, TAKING_PART = 4, 0.85
COMMENDED = "县级优秀驻村干部表彰"


@dataclass
class Year:
    """The rows of all assessments of one year, in the order of the tables."""

    year: int
    cases: list[Case] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    incentives: list[Incentive] = field(default_factory=list)


def assessed_terms(services: Sequence[Service], year: int) -> list[Term]:
    """The terms of the county that fill most of the year; one for each person."""
    own = [term for one in services if one.village.startswith(COUNTY) for term in one.terms]
    long = [term for term in own if covered_days([term.span], year_span(year)) >= FEWEST_DAYS]
    return list({id(term.cadre): term for term in reversed(long)}.values())


class Grader:
    """Draws assessments that the rules allow: no more excellent ones than have places."""

    def __init__(
        self,
        random: Random,
        cast: Mapping[str, Officer],
        townships: Mapping[str, Officer],
        *,
        policy: Bounds,
        quota: int,
    ):
        """`townships` are the reviewers by the code of their township."""
        self.random, self.cast, self.townships = random, cast, townships
        self.policy, self.quota = policy, quota

    def grade(self, terms: Sequence[Term], days: Mapping[int, Totals], year: int) -> Year:
        """Everything about these terms; `days` are the totals of the year by cadre."""
        drawn = Year(year)
        places = excellent_places(len(terms), self.quota)
        order = sorted(terms, key=lambda term: self.random.random())
        for term in order:
            best = self._best(term, days[term.cadre_id])
            if best == Grade.EXCELLENT and places <= 0:
                best = Grade.COMPETENT
            places -= best == Grade.EXCELLENT
            self._add(drawn, term, best)
        return drawn

    def _best(self, term: Term, days: Totals) -> Grade:
        """The best grade that the days leave; whoever was recalled had the worst."""
        if term.end_reason == EndReason.RECALL:
            return Grade.INCOMPETENT
        best = best_grade(days.absent, self.policy)
        return max(best, Grade.COMPETENT) if days.is_below else best

    def _add(self, drawn: Year, term: Term, grade: Grade) -> None:
        random, year = self.random, drawn.year
        days = [date(year, 12, 20), date(year + 1, 1, 8), date(year + 1, 1, 20)]
        asked = random.randint(*ASKED)
        satisfied = asked * (92 if grade <= Grade.COMPETENT else 55) // 100
        case = self._case(term, year, days)
        assessment = Assessment(
            case=case, cadre=term.cadre, term=term, year=year, asked=asked, satisfied=satisfied,
            polled_by=self.cast["clerk"], grade=grade, confirmed_on=days[-1],
        )  # fmt: skip
        drawn.cases.append(case)
        drawn.events += self._events(case, grade, days)
        drawn.assessments.append(assessment)
        drawn.scores += self._scores(assessment, grade, days[0])
        if grade == Grade.EXCELLENT:
            drawn.incentives.append(
                Incentive(
                    cadre=term.cadre,
                    kind=Incentive.Kind.COMMENDATION,
                    given_on=days[-1],
                    text=COMMENDED,
                    recorded_by=self.cast["clerk"],
                )
            )

    def _case(self, term: Term, year: int, days: Sequence[date]) -> Case:
        facts = {
            "state": BEGIN,
            "cadre": term.cadre.number,
            "village": term.village_id,
            "year": year,
            "term": term.pk,
        }
        return Case(
            kind=ASSESSMENT.kind, division_id=term.village_id, subject=term.cadre.number,
            state=CONFIRMED, version=3, facts=facts, facts_hash=digest(facts),
            proposed_by=self.cast["clerk"], opened_on=days[0], opened_at=_moment(days[0]),
            closed_at=_moment(days[-1]), entered_state_on=days[-1],
        )  # fmt: skip

    def _events(self, case: Case, grade: Grade, days: Sequence[date]) -> list[CaseEvent]:
        proposed = {"grade": str(grade.value), "summary": SUMMARIES[grade]}
        steps: list[tuple[str, str, str, str, dict[str, Any]]] = [
            ("open", "", "scoring", "clerk", {}),
            ("grade", "scoring", "graded", "clerk", proposed),
            ("confirm", "graded", CONFIRMED, "approver", {}),
        ]
        events = []
        for place, (step, before, after, username, evidence) in enumerate(steps):
            actor, decides = self.cast[username], step == "confirm"
            events.append(
                CaseEvent(
                    case=case,
                    seq=place + 1,
                    step=step,
                    from_state=before,
                    to_state=after,
                    actor_id=actor.pk,
                    actor_name=actor.name,
                    role=actor.acting_role,
                    posted_to=actor.acting_division,
                    on=days[place],
                    at=_moment(days[place]),
                    evidence=evidence,
                    facts=case.facts if decides or place == 0 else None,
                    facts_hash=case.facts_hash,
                    decides=decides,
                )
            )
        return events

    def _scores(self, assessment: Assessment, grade: Grade, day: date) -> list[Score]:
        """The points of county and township; those of the village where an account gives them."""
        village = assessment.term.village_id
        givers = [(Assessor.COUNTY, self.cast["clerk"])]
        givers.append((Assessor.TOWNSHIP, self.townships[village[:9]]))
        if village == VILLAGE:
            givers.append((Assessor.VILLAGE, self.cast["village"]))
        bounds = {Grade.EXCELLENT: BEST_POINTS, Grade.INCOMPETENT: BAD_POINTS}
        return [
            Score(
                assessment=assessment,
                assessor=assessor,
                given_by=giver,
                points=self.random.randint(*bounds.get(grade, GOOD_POINTS)),
                assessed=assessment.cadre.account,
                given_at=_moment(day),
            )
            for assessor, giver in givers
        ]


def draw_course(
    random: Random, services: Sequence[Service], today: date, *, by: Officer
) -> tuple[Training, list[TrainingRecord]]:
    """The yearly course of the county, some months ago, and who of those serving took part."""
    starts_on = today - timedelta(days=150)
    course = Training(
        division_id=COUNTY, title=f"{starts_on.year}年{COURSE}", place=PLACE, starts_on=starts_on,
        last_day=starts_on + timedelta(days=COURSE_DAYS - 1), recorded_by=by,
    )  # fmt: skip
    own = [one for one in services if one.village.startswith(COUNTY)]
    people = [term.cadre for one in own for term in one.serving(starts_on)]
    records = [
        TrainingRecord(training=course, cadre=cadre, days=COURSE_DAYS, passed=random.random() < 0.9)
        for cadre in people
        if random.random() < TAKING_PART
    ]
    return course, records


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
