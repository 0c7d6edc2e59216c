"""A course of this year, and what the assessments of last year came to, in the clerk's county."""

from collections.abc import Iterator, Mapping, Sequence
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
from teams.queries.assessments import Policy, Weighed
from teams.queries.presence import Totals
from teams.rules.assessment import Assessor, Grade, best_grade, excellent_places
from teams.rules.terms import EndReason
from trail.rules import digest
from workflow.machine import AMEND, OPEN
from workflow.models import Case, CaseEvent

ASKED = (20, 40)
WEAK = 0.06
POINTS = {
    Grade.EXCELLENT: (91, 97),
    Grade.COMPETENT: (77, 89),
    Grade.BASIC: (62, 73),
    Grade.INCOMPETENT: (46, 57),
}
MOVED = ("facts", "facts_hash", "version", "state", "entered_state_on", "closed_at")
"""What the steps change in a case."""

STEPS = (
    (OPEN, "", "scoring", "clerk"),
    (AMEND, "scoring", "scoring", "clerk"),
    ("grade", "scoring", "graded", "clerk"),
    ("confirm", "graded", CONFIRMED, "approver"),
)
"""How each case went: the step, the states before and after it, and who took it."""

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
    assessments: list[Assessment] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)

    @property
    def days(self) -> list[date]:
        """When the points were given, the grade proposed and the grade confirmed."""
        return [date(self.year, 12, 20), date(self.year + 1, 1, 8), date(self.year + 1, 1, 20)]


class Grader:
    """Draws points and the villagers' word; the grades follow from them by the rules."""

    def __init__(
        self,
        random: Random,
        cast: Mapping[str, Officer],
        townships: Mapping[str, Officer],
        policy: Policy,
    ):
        """`townships` are the reviewers by the code of their township."""
        self.random, self.cast, self.townships, self.policy = random, cast, townships, policy

    def assess(self, terms: Sequence[Term], days: Mapping[int, Totals], year: int) -> Year:
        """Everything but the grades; `days` are the totals of the year by cadre."""
        drawn = Year(year)
        places = excellent_places(len(terms), self.policy.excellent_percent)
        for term in sorted(terms, key=lambda term: self.random.random()):
            wanted = self._wanted(term, days[term.cadre_id])
            if wanted == Grade.EXCELLENT and places <= 0:
                wanted = Grade.COMPETENT
            places -= wanted == Grade.EXCELLENT
            self._add(drawn, term, wanted)
        return drawn

    def _wanted(self, term: Term, days: Totals) -> Grade:
        """The grade that the points speak for: the worst for whoever was recalled."""
        if term.end_reason == EndReason.RECALL:
            return Grade.INCOMPETENT
        if self.random.random() < WEAK:
            return Grade.BASIC
        best = best_grade(days.absent, self.policy.bounds)
        return max(best, Grade.COMPETENT) if days.is_below else best

    def _add(self, drawn: Year, term: Term, wanted: Grade) -> None:
        asked = self.random.randint(*ASKED)
        case = self._case(term, drawn)
        assessment = Assessment(
            case=case, cadre=term.cadre, term=term, year=drawn.year, asked=asked,
            satisfied=asked * (92 if wanted <= Grade.COMPETENT else 55) // 100,
            polled_by=self.townships[term.village_id[:9]],
        )  # fmt: skip
        drawn.cases.append(case)
        drawn.assessments.append(assessment)
        drawn.scores += self._scores(assessment, wanted, drawn.days[0])

    def _case(self, term: Term, drawn: Year) -> Case:
        facts = {
            "state": BEGIN,
            "cadre": term.cadre.number,
            "village": term.village_id,
            "year": drawn.year,
            "term": term.pk,
        }
        first = drawn.days[0]
        return Case(
            kind=ASSESSMENT.kind, division_id=term.village_id, subject=term.cadre.number,
            state=STEPS[0][2], facts=facts, facts_hash=digest(facts), opened_on=first,
            proposed_by=self.cast["clerk"], opened_at=_moment(first), entered_state_on=first,
        )  # fmt: skip

    def _scores(self, assessment: Assessment, wanted: Grade, day: date) -> list[Score]:
        """The points of county and township; those of the village where an account gives them."""
        village = assessment.term.village_id
        givers = [(Assessor.COUNTY, self.cast["clerk"])]
        givers.append((Assessor.TOWNSHIP, self.townships[village[:9]]))
        if village == VILLAGE:
            givers.append((Assessor.VILLAGE, self.cast["village"]))
        return [
            Score(
                assessment=assessment, assessor=assessor, given_by=giver, given_at=_moment(day),
                points=self.random.randint(*POINTS[wanted]), assessed=assessment.cadre.account,
            )
            for assessor, giver in givers
        ]  # fmt: skip

    def finish(
        self, drawn: Year, weighed: Mapping[int, Weighed]
    ) -> tuple[list[CaseEvent], list[Incentive]]:
        """Give each assessment the grade that follows; the events of its case, and rewards."""
        events: list[CaseEvent] = []
        incentives: list[Incentive] = []
        for assessment in drawn.assessments:
            case, found = assessment.case, weighed[assessment.case_id]
            grade, begun = found.proposed, dict(case.facts)
            case.facts = begun | found.snapshot() | {"given": int(grade)}
            case.facts_hash, case.version, case.state = digest(case.facts), len(STEPS), CONFIRMED
            case.entered_state_on, case.closed_at = drawn.days[-1], _moment(drawn.days[-1])
            assessment.grade, assessment.confirmed_on = grade, drawn.days[-1]
            events += self._events(case, begun, grade, drawn.days)
            if grade == Grade.EXCELLENT:
                incentives.append(
                    Incentive(
                        cadre=assessment.cadre, kind=Incentive.Kind.COMMENDATION, text=COMMENDED,
                        given_on=drawn.days[-1], recorded_by=self.cast["clerk"],
                    )
                )  # fmt: skip
        return events, incentives

    def _events(
        self, case: Case, begun: dict[str, Any], grade: Grade, days: Sequence[date]
    ) -> Iterator[CaseEvent]:
        proposed = {"grade": str(grade.value), "summary": SUMMARIES[grade]}
        for place, (step, before, after, username) in enumerate(STEPS):
            actor, day = self.cast[username], days[max(place - 1, 0)]
            facts = begun if step == OPEN else case.facts
            yield CaseEvent(
                case=case, seq=place + 1, step=step, from_state=before, to_state=after,
                actor_id=actor.pk, actor_name=actor.name, role=actor.acting_role,
                posted_to=actor.acting_division, on=days[1] if step == AMEND else day,
                at=_moment(days[1] if step == AMEND else day), decides=step == "confirm",
                evidence=proposed if step == "grade" else {},
                facts=None if step == "grade" else facts, facts_hash=digest(facts),
            )  # fmt: skip


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
