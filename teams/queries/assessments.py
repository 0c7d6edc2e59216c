"""What stands on record about yearly assessments: for the machine, for actions and for pages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from teams.models import Assessment, Score
from teams.models.assessing import GRADE_NAMES
from teams.queries.presence import Totals, year_totals
from teams.queries.served import end_of
from teams.rules.assessment import (
    Assessor,
    Bounds,
    Facts,
    Grade,
    Limit,
    excellent_places,
    limits_of,
    proposed_grade,
    quota_is_kept,
    weighted_points,
)
from trail.dates import business_date
from workflow.machine import Fault, Hand, Records, gettext_noop
from workflow.models import Case
from workflow.parameters import (
    ASSESSMENT_BASIC_ABSENCES,
    ASSESSMENT_BASIC_POINTS,
    ASSESSMENT_COMPETENT_POINTS,
    ASSESSMENT_EXCELLENT_PERCENT,
    ASSESSMENT_EXCELLENT_POINTS,
    ASSESSMENT_INCOMPETENT_ABSENCES,
    ASSESSMENT_NOT_EXCELLENT_ABSENCES,
    ASSESSMENT_SATISFIED_PERCENT,
    PARAMETERS,
    weight_key,
)
from workflow.queries import parameters_in_force
from workflow.rules import differences

COUNTY_DIGITS = 6
FIRST_YEAR = 2015
FEWEST_ASSESSORS = 2
SCORING, GRADED, WITHDRAWN = "scoring", "graded", "withdrawn"
BY_SCORING = "score"
BOUND_KEYS = {
    "excellent": ASSESSMENT_EXCELLENT_POINTS,
    "competent": ASSESSMENT_COMPETENT_POINTS,
    "basic": ASSESSMENT_BASIC_POINTS,
    "satisfied": ASSESSMENT_SATISFIED_PERCENT,
    "not_excellent_after": ASSESSMENT_NOT_EXCELLENT_ABSENCES,
    "basic_after": ASSESSMENT_BASIC_ABSENCES,
    "incompetent_after": ASSESSMENT_INCOMPETENT_ABSENCES,
}
WEIGHT_KEYS = {assessor.value: weight_key(assessor) for assessor in Assessor}


@dataclass(frozen=True)
class Policy:
    """What a county holds to in a year."""

    bounds: Bounds
    excellent_percent: int


@dataclass(frozen=True)
class Weighed:
    """All that an assessment rests on as it stands, up to `until`, and what follows from it."""

    assessment: Assessment
    scores: tuple[Score, ...]
    until: date
    days: Totals | None
    policy: Policy

    @property
    def points(self) -> list[tuple[str, int]]:
        """Who gave how many points, in a fixed order."""
        return sorted((one.assessor, one.points) for one in self.scores)

    @property
    def facts(self) -> Facts:
        """The year as values."""
        return Facts(
            points=weighted_points(self.points, self.policy.bounds.weights),
            asked=self.assessment.asked or 0,
            satisfied=self.assessment.satisfied or 0,
            unexplained=self.days.absent if self.days else 0,
            days=self.days.counted if self.days else 0,
            wanted=self.days.due if self.days else 0,
        )

    @property
    def limits(self) -> list[Limit]:
        """The best grade that each fact leaves."""
        return limits_of(self.facts, self.policy.bounds)

    @property
    def proposed(self) -> Grade:
        """The grade that follows."""
        return proposed_grade(self.facts, self.policy.bounds)

    @property
    def missing(self) -> list[Fault]:
        """What must be on record before a grade is proposed."""
        faults = []
        if len({one.assessor for one in self.scores}) < FEWEST_ASSESSORS:
            text = gettext_noop(
                "Two sides at least must give points; now there are %(count)s. Ask the village,"
                " the township or the county."
            )
            faults.append(Fault(text, {"count": len({one.assessor for one in self.scores})}))
        if self.assessment.asked is None:
            text = gettext_noop(
                "The villagers have not been asked yet. The township records how many of them"
                " are satisfied."
            )
            faults.append(Fault(text))
        return faults

    @property
    def because(self) -> str:
        """The facts that shut out a better grade than the proposed one, in words."""
        worst = [one for one in self.limits if one.grade == self.proposed]
        return " ".join(_(one.text) % one.values for one in worst)

    def snapshot(self) -> dict[str, Any]:
        """The same as plain values that a case keeps."""
        facts = asdict(self.facts)
        return {
            "until": self.until.isoformat(),
            "points": [list(pair) for pair in self.points],
            "facts": facts | {"points": str(facts["points"])},
            "bounds": {**asdict(self.policy.bounds), "weights": dict(self.policy.bounds.weights)},
            "proposed": int(self.proposed),
        }


def policy_of(county: str, year: int) -> Policy:
    """The parameters of assessments that hold in a county in the year that is assessed."""
    keys = [*BOUND_KEYS.values(), *WEIGHT_KEYS.values(), ASSESSMENT_EXCELLENT_PERCENT]
    found = parameters_in_force(keys, county, year)
    bounds = {name: int(found[key].value) for name, key in BOUND_KEYS.items()}
    weights = {name: int(found[key].value) for name, key in WEIGHT_KEYS.items()}
    return Policy(
        bounds=Bounds(weights=weights, **bounds),
        excellent_percent=int(found[ASSESSMENT_EXCELLENT_PERCENT].value),
    )


def weigh(assessments: Sequence[Assessment]) -> dict[int, Weighed]:
    """What each assessment rests on, by its case; their cases must be read with them.

    Days count up to the end of the year or today; once a grade is proposed, up to the day of that.
    """
    today = business_date()
    scores: dict[int, list[Score]] = {}
    for score in Score.objects.filter(assessment__in=assessments).select_related("given_by"):
        scores.setdefault(score.assessment_id, []).append(score)
    untils = {one.pk: until_of(one, today) for one in assessments}
    days = _days_of(assessments, untils)
    policies = {key: policy_of(*key) for key in {_county_and_year(one) for one in assessments}}
    return {
        one.case_id: Weighed(
            assessment=one,
            scores=tuple(scores.get(one.pk, ())),
            until=untils[one.pk],
            days=days.get(one.pk),
            policy=policies[_county_and_year(one)],
        )
        for one in assessments
    }


def _days_of(assessments: Sequence[Assessment], untils: Mapping[int, date]) -> dict[int, Totals]:
    """The days of each year; one statement for those that count up to the same day."""
    together: dict[tuple[int, date], list[Assessment]] = {}
    for one in assessments:
        together.setdefault((one.year, untils[one.pk]), []).append(one)
    found: dict[int, Totals] = {}
    for (year, until), own in together.items():
        totals = year_totals([one.cadre_id for one in own], year, until)
        found |= {one.pk: totals[one.cadre_id] for one in own if one.cadre_id in totals}
    return found


def until_of(assessment: Assessment, today: date) -> date:
    """Up to which day the year counts."""
    said = assessment.case.facts.get("until") if assessment.case.state != SCORING else None
    return date.fromisoformat(said) if said else end_of(assessment.year, today)


def _county_and_year(assessment: Assessment) -> tuple[str, int]:
    return assessment.case.division_id[:COUNTY_DIGITS], assessment.year


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What the machine reads of these cases; whoever gave points is a hand of the step "score"."""
    found = Assessment.objects.filter(case__in=cases).select_related("case", "cadre")
    quotas: dict[tuple[str, int], Quota] = {}
    known = {}
    for key, one in weigh(list(found)).items():
        place = _county_and_year(one.assessment)
        case = one.assessment.case
        if case.state == GRADED and place not in quotas:
            quotas[place] = quota_of(*place)
        given = int(case.facts.get("given", Grade.INCOMPETENT))
        values = {
            "missing": one.missing,
            "best": one.proposed,
            "best_label": str(GRADE_NAMES[one.proposed]),
            "because": one.because,
            "quota_faults": quotas[place].faults(given) if case.state == GRADED else [],
        }
        hands = (
            Hand(s.given_by_id, BY_SCORING, "", timezone.localdate(s.given_at)) for s in one.scores
        )
        known[key] = Records(values, tuple(hands))
    return known


@dataclass(frozen=True)
class Quota:
    """The places for excellent of a county in a year: how many there are, and how many are taken.

    `people` are those whose assessment is open or confirmed.
    """

    people: int
    percent: int
    taken: int

    @property
    def places(self) -> int:
        """How many may be excellent."""
        return excellent_places(self.people, self.percent)

    def faults(self, grade: int) -> list[Fault]:
        """Why one more cannot get the grade."""
        if grade != Grade.EXCELLENT or quota_is_kept(self.taken + 1, self.people, self.percent):
            return []
        text = gettext_noop(
            "All places for “excellent” are taken: %(taken)s of %(places)s (%(percent)s %% of"
            " %(people)s people). Return it with a lower grade in mind."
        )
        return [Fault(text, {**asdict(self), "places": self.places})]


def quota_of(county: str, year: int) -> Quota:
    """The quota of a county as it stands. A decision on it holds the county's row locked."""
    here = in_county(county, year)
    return Quota(
        people=here.count(),
        percent=policy_of(county, year).excellent_percent,
        taken=here.filter(grade=Grade.EXCELLENT).count(),
    )


def in_county(county: str, year: int) -> Any:
    """The assessments of a year within a division that nobody withdrew."""
    cases = Case.everywhere.within(county).filter(kind="assessment").exclude(state=WITHDRAWN)
    return Assessment.objects.filter(year=year, case__in=cases)


def differences_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What changed between two snapshots, for a page that explains a refusal."""
    rows = [
        (_("Points"), _points(before), _points(after)),
        *(
            (label, before["facts"][name], after["facts"][name])
            for name, label in _labels().items()
        ),
        *_bound_rows(before["bounds"], after["bounds"]),
        (_("Proposed grade"), _grade(before["proposed"]), _grade(after["proposed"])),
    ]
    return [{"label": label, "before": old, "after": new} for label, old, new in rows if old != new]


def _bound_rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    keys = BOUND_KEYS | {f"weights.{name}": key for name, key in WEIGHT_KEYS.items()}
    moved = differences(before, after)
    return [(_(PARAMETERS[keys[name]].label), *pair) for name, pair in sorted(moved.items())]


def _labels() -> dict[str, str]:
    return {
        "asked": _("Villagers asked"),
        "satisfied": _("Satisfied villagers"),
        "unexplained": _("Days absent without leave"),
        "days": _("Days in the village"),
        "wanted": _("Days that the year wants"),
    }


def _points(snapshot: Mapping[str, Any]) -> str:
    return ", ".join(str(points) for _assessor, points in snapshot["points"])


def _grade(grade: int) -> str:
    return str(GRADE_NAMES[Grade(grade)])
