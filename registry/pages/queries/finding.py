"""The finding of one household and year, as known now, on a past day, or at a review."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from households.explain import Explanation, contradictions, explain, facts_of, proposal_sentence
from households.models import Household, Standard, Survey
from households.models.surveys import SurveyQuerySet
from households.rules import unknown_facts
from officers.models import Officer
from reviews.models import Proposal


@dataclass(frozen=True)
class Known:
    """From when the facts are taken. `moment` None is now; a review brings its own standard."""

    moment: datetime | None = None
    standard: Standard | None = None
    review_id: int | None = None

    @property
    def is_past(self) -> bool:
        return self.moment is not None


@dataclass(frozen=True)
class FindingView:
    """`explanation` is None without a standard; `survey` is None when nobody had surveyed."""

    year: int
    known: Known
    survey: Survey | None
    standard: Standard | None
    explanation: Explanation | None
    proposal: str
    warnings: list[str]
    later: Survey | None


def end_of(day: date) -> datetime:
    """The last instant of a day in Asia/Shanghai."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(
        microseconds=1
    )


def known_at_review(proposal: Proposal) -> Known:
    """The facts and the standard that the review of `proposal` rested on."""
    review = proposal.review
    return Known(review.facts_at, review.standard, review.pk)


def finding_view(household: Household, year: int, known: Known, *, persons: int) -> FindingView:
    """The account of the year; `persons` counts the members now, for a year without a survey."""
    surveys = Survey.objects.filter(household=household, year=year).select_related("recorded_by")
    survey = _latest(surveys, known.moment)
    standard = known.standard or _standard(household.village_id, year, known.moment)
    facts = facts_of(survey) if survey else unknown_facts(max(persons, 1))
    account = None
    if standard:
        account = explain(
            facts,
            line_fen=int(standard.line * 100),
            monitoring_fen=int(standard.monitoring_line * 100),
            guarantees=standard.guarantees,
        )
    return FindingView(
        year=year,
        known=known,
        survey=survey,
        standard=standard,
        explanation=account,
        proposal=proposal_sentence(
            household.state, account.finding, surveyed=int(survey is not None)
        )
        if account and not known.is_past
        else "",
        warnings=[] if known.is_past else _warnings(household, facts),
        later=_latest(surveys, None) if known.is_past else None,
    )


def year_to_judge(household: Household, *, today: date) -> int:
    """The year to show for a household that nobody has surveyed: the last one with a standard."""
    published = Standard.objects.published().filter(
        division_id__in=["0", household.village_id[:2]], year__lte=today.year
    )
    return published.order_by("-year").values_list("year", flat=True).first() or today.year


def _latest(surveys: SurveyQuerySet, moment: datetime | None) -> Survey | None:
    found = surveys.known_at(moment) if moment else surveys.filter(withdrawn_at=None)
    return found.order_by("-recorded_at", "-id").first()


def _standard(village: str, year: int, moment: datetime | None) -> Standard | None:
    """The standard that held at the moment; where none was published yet, today's."""
    holding = Standard.objects.holding(village, year)
    past = holding.filter(published_at__lte=moment).first() if moment else None
    return past or holding.first()


def _warnings(household: Household, facts: dict[str, int]) -> list[str]:
    uninsured = household.members.active().filter(medical_insurance=False).count()
    return contradictions(
        facts, housing_grade=household.housing_grade, without_medical_insurance=uninsured
    )


def proposals_of(officer: Officer, household: Household) -> list[Proposal]:
    """What the reviews proposed for the household, the latest review first."""
    found = Proposal.objects.visible_to(officer).filter(household=household, superseded_at=None)
    return list(found.select_related("review__standard", "case").order_by("-review_id"))
