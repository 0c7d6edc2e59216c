"""Proposals of a review that rest, or rested, on facts of a frozen year that were corrected since.

Corrections are few: everything here begins with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from divisions.scope import in_range
from households.correction_pages import freezes_over
from households.explain import facts_of
from households.models import Survey, YearFreeze
from households.procedure import APPROVED
from households.rights import shown_count
from households.rules import Kind, State, fen, find, propose
from households.snapshot import described_changes, survey_values
from officers.models import Officer
from reviews.models import KIND_NAMES, Proposal, Review
from reviews.queries.proposals import rows_of
from reviews.rights import own_part
from workflow.models import Case, CaseEvent


class Standing(StrEnum):
    """Where a proposal stands against the correction: accepted on the facts before it, not yet
    renewed, or resting on the corrected facts.
    """

    DECIDED = "decided"
    WAITING = "waiting"
    RENEWED = "renewed"


@dataclass(frozen=True)
class Corrected:
    """Households of the officer's part whose facts were corrected since the review read them.

    `households` is the number, the others are text as the role may see it.
    """

    households: int
    shown: str
    decided: str
    waiting: str
    renewed: str


@dataclass(frozen=True)
class Rests:
    """What the review rests on beside its standard.

    `freeze` holds over the officer's whole part, `parts` counts freezes of places inside it.
    """

    freeze: YearFreeze | None
    parts: int
    corrected: Corrected


@dataclass(frozen=True)
class Act:
    """One correction: its case, who proposed and who approved it."""

    case: Case
    proposed_by: str
    approved_by: str


@dataclass(frozen=True)
class CorrectedRow:
    """One household: what changed, and what would be, or is, proposed on the corrected facts."""

    proposal: Proposal
    head: str
    standing: Standing
    changes: list[dict[str, str]]
    kind_before: str
    kind_after: str
    acts: list[Act]

    @property
    def is_other(self) -> bool:
        """Whether the corrected facts give another proposal."""
        return self.kind_before != self.kind_after


def rests_of(officer: Officer, review: Review) -> Rests:
    """Whether the year is frozen for the officer's part of the review, and what was corrected."""
    part = own_part(officer, review)
    inside = YearFreeze.objects.filter(in_range("division_id", part), year=review.year)
    return Rests(
        freeze=freezes_over(part, review.year).first(),
        parts=inside.exclude(division_id=part).count(),
        corrected=corrected_counts(officer, review),
    )


def corrected_proposals(officer: Officer, review: Review) -> QuerySet[Proposal]:
    """Proposals in force within the posting whose household was corrected after `facts_at`.

    `latest` is the survey in force of the year.
    """
    found = Proposal.objects.visible_to(officer).in_force().filter(review=review)
    corrections = _corrections(review).order_by()
    households = list(corrections.values_list("household_id", flat=True).distinct())
    latest = Survey.objects.filter(
        household=OuterRef("household_id"), year=review.year, withdrawn_at=None
    ).order_by("-recorded_at", "-id")
    return found.filter(household_id__in=households).annotate(
        latest=Subquery(latest.values("pk")[:1])
    )


def _corrections(review: Review) -> QuerySet[Survey]:
    """Surveys that corrections made after the review had read its facts."""
    if review.facts_at is None:
        return Survey.objects.none()
    return Survey.objects.filter(
        correction__isnull=False, year=review.year, recorded_at__gt=review.facts_at
    )


def corrected_counts(officer: Officer, review: Review) -> Corrected:
    """How many households were corrected since, by how their proposals stand."""
    same = Q(survey_id=F("latest"))
    counts = corrected_proposals(officer, review).aggregate(
        households=Count("pk"),
        decided=Count("pk", filter=Q(accepted_at__isnull=False) & ~same),
        waiting=Count("pk", filter=Q(accepted_at=None) & ~same),
        renewed=Count("pk", filter=same),
    )
    return Corrected(
        households=counts["households"],
        shown=shown_count(officer, counts["households"]),
        decided=shown_count(officer, counts["decided"]),
        waiting=shown_count(officer, counts["waiting"]),
        renewed=shown_count(officer, counts["renewed"]),
    )


def corrected_rows(
    officer: Officer, review: Review, page: Iterable[Proposal]
) -> list[CorrectedRow]:
    """The rows of one page of `corrected_proposals`, in their order."""
    proposals = list(page)
    households = [one.household_id for one in proposals]
    surveys = _surveys(review, households)
    earlier = _superseded(officer, review, proposals)
    approvers = _approvers(one for chain in surveys.values() for one in chain)
    heads = {row.proposal.pk: row.head for row in rows_of(officer, review, proposals)}
    return [
        _row(
            review,
            one,
            heads[one.pk],
            surveys[one.household_id],
            earlier.get(one.household_id, []),
            approvers,
        )
        for one in proposals
    ]


def corrected_since(officer: Officer, review: Review, proposal: Proposal) -> CorrectedRow | None:
    """The correction that took away what a proposal in force rests on; None where none did."""
    if proposal.superseded_at is not None:
        return None
    if not _corrections(review).filter(household=proposal.household_id).exists():
        return None
    [row] = corrected_rows(officer, review, [proposal])
    return None if row.standing == Standing.RENEWED else row


def _surveys(review: Review, households: Sequence[int]) -> dict[int, list[Survey]]:
    """The surveys of the year that stand, by household, in the order of recording."""
    found = (
        Survey.objects.filter(household_id__in=households, year=review.year, withdrawn_at=None)
        .select_related("correction__case__proposed_by")
        .order_by("household_id", "recorded_at", "pk")
    )
    chains: dict[int, list[Survey]] = {household: [] for household in households}
    for survey in found:
        chains[survey.household_id].append(survey)
    return chains


def _superseded(
    officer: Officer, review: Review, proposals: Sequence[Proposal]
) -> dict[int, list[Proposal]]:
    """The proposals that a refresh replaced, by household, the latest first."""
    found = Proposal.objects.visible_to(officer).filter(
        review=review,
        superseded_at__isnull=False,
        village_id__in={one.village_id for one in proposals},
        household_id__in=[one.household_id for one in proposals],
    )
    earlier: dict[int, list[Proposal]] = {}
    for one in found.order_by("-superseded_at", "-pk"):
        earlier.setdefault(one.household_id, []).append(one)
    return earlier


def _approvers(surveys: Iterable[Survey]) -> dict[int, str]:
    """The name of the officer who approved each correction, by case."""
    cases = [one.correction.case_id for one in surveys if one.correction]
    events = CaseEvent.objects.filter(case__in=cases, to_state=APPROVED)
    return dict(events.values_list("case_id", "actor_name"))


def _row(
    review: Review,
    proposal: Proposal,
    head: str,
    surveys: Sequence[Survey],
    earlier: Sequence[Proposal],
    approvers: Mapping[int, str],
) -> CorrectedRow:
    latest, by_key = surveys[-1], {one.pk: one for one in surveys}
    standing = _standing(proposal, latest)
    then: Proposal | None = proposal
    kind_after = proposal.kind
    if standing == Standing.RENEWED:
        then = next((one for one in earlier if one.survey_id != latest.pk), None)
    else:
        state = proposal.state if standing == Standing.DECIDED else proposal.household.state
        kind_after = _kind_on(review, state, latest)
    before = by_key.get(then.survey_id) if then and then.survey_id else None
    return CorrectedRow(
        proposal=proposal,
        head=head,
        standing=standing,
        changes=described_changes(_facts(before), _facts(latest)),
        kind_before=_named(then.kind if then else Kind.NONE),
        kind_after=_named(kind_after),
        acts=_acts(review, surveys, approvers),
    )


def _standing(proposal: Proposal, latest: Survey) -> Standing:
    if proposal.survey_id == latest.pk:
        return Standing.RENEWED
    return Standing.WAITING if proposal.accepted_at is None else Standing.DECIDED


def _kind_on(review: Review, state: int, survey: Survey) -> int:
    """What this review would propose in `state` on the facts of `survey`."""
    standard = review.standard
    finding = find(
        facts_of(survey),
        line_fen=fen(standard.line),
        monitoring_fen=fen(standard.monitoring_line),
        guarantees=standard.guarantees,
    )
    return int(propose(State(state), finding, surveyed=1))


def _facts(survey: Survey | None) -> dict[str, Any]:
    return {"facts": survey_values(survey)}


def _named(kind: int) -> str:
    return str(KIND_NAMES.get(Kind(kind), _("no proposal")))


def _acts(review: Review, surveys: Sequence[Survey], approvers: Mapping[int, str]) -> list[Act]:
    return [
        Act(
            case=one.correction.case,
            proposed_by=one.correction.case.proposed_by.name,
            approved_by=approvers.get(one.correction.case_id, ""),
        )
        for one in surveys
        if one.correction and review.facts_at and one.recorded_at > review.facts_at
    ]
