"""Accepting proposals: each opens a case that carries the evidence. Nothing else changes here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.scope import require_within
from households.models import Survey
from households.rules import ACCEPTABLE, Kind
from households.snapshot import person_numbers, recorders
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from reviews.models import KIND_NAMES, Answer, Proposal, Review, ReviewState
from reviews.queries.acting import CASE_KINDS
from reviews.queries.evidence import differences, evidence_of
from trail.actions import record_same
from trail.errors import Refused, Stale
from trail.rules import digest
from trail.transactions import retried
from workflow.actions import Opening, open_cases
from workflow.actions.cases import already_open
from workflow.models import Case
from workflow.queries import open_cases_of

SUPERSEDED = gettext_lazy("A newer proposal has taken the place of this one. Open that one.")
ACCEPT = """
    UPDATE reviews_proposal SET case_id = opened.case_id, accepted_by_id = %s, accepted_at = now()
    FROM unnest(%s::bigint[], %s::bigint[]) AS opened (proposal_id, case_id)
    WHERE id = opened.proposal_id
"""
HOLD = "SELECT FROM reviews_review WHERE id = %s FOR SHARE"


@dataclass(frozen=True)
class LeftOut:
    """A proposal that a batch did not accept, and the refusal that it alone would have met."""

    proposal: Proposal
    refusal: Refused


@dataclass(frozen=True)
class Acceptance:
    """What came of a batch: the cases in the order of village and household, and the rest."""

    cases: list[Case] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


@transaction.atomic
def accept_proposals(
    review_id: int, proposals: Iterable[int], *, by: Officer, origin: str = ""
) -> Acceptance:
    """Open the cases of these proposals of one committed review, all at once.

    A proposal whose facts changed, whose household has an open case of the kind, or which was
    answered, accepted or superseded meanwhile is left out and named; `origin` goes into the trace.
    Raises NotAllowed, also when one of them lies outside the posting; Refused for a review that is
    a dry run or not committed.
    """
    review = committed_review(review_id)
    require(by, Role.COUNTY_CLERK)
    chosen = Proposal.everywhere.filter(review=review, pk__in=list(proposals))
    return _accept(review, chosen, by, origin)


@retried
@transaction.atomic
def accept_proposal(proposal_id: int, *, seen: str, by: Officer) -> Case:
    """Open the case of one proposal; `seen` is the digest of the evidence that the officer read.

    Raises NotAllowed; Stale with the differences when the facts changed; AlreadyOpen; Refused when
    the review is not committed, or the proposal is of no kind that can be accepted.
    """
    proposal = Proposal.everywhere.select_related("household").get(pk=proposal_id)
    require(by, Role.COUNTY_CLERK, code=proposal.village_id)
    review = committed_review(proposal.review_id)
    acceptance = _accept(review, Proposal.everywhere.filter(pk=proposal_id), by, "")
    if acceptance.left_out:
        raise acceptance.left_out[0].refusal
    [case] = acceptance.cases
    if case.facts_hash != seen:
        raise Stale(_("The page you saw is out of date. Read it again, then decide."))
    return case


def committed_review(review_id: int) -> Review:
    """The review, held: nobody cancels it until this transaction ends; others may hold it too.

    Raises Refused for one that is a dry run, cancelled or not committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [review_id])
    review = Review.everywhere.select_related("standard").get(pk=review_id)
    if review.dry_run:
        raise Refused(_("The proposals of a dry run cannot be accepted."), code="dry_run")
    if review.state == ReviewState.CANCELLED:
        raise Refused(
            _("This review was cancelled. Nobody accepts or answers its proposals any more."),
            code="cancelled",
        )
    if review.state != ReviewState.COMMITTED:
        raise Refused(
            _("The proposals can be accepted once another officer has committed the review."),
            code="not_committed",
        )
    return review


def _accept(review: Review, chosen: QuerySet[Proposal], by: Officer, origin: str) -> Acceptance:
    """Locks proposals and households in the order of village and household, then reads them.

    What is joined to a row that had to be waited for would still be as it was before the wait.
    """
    in_order = chosen.select_related("household").order_by("village_id", "household_id")
    locked = in_order.only("household", "household__number").select_for_update(
        of=("self", "household")
    )
    keys = [one.pk for one in locked]
    proposals = list(
        Proposal.everywhere.filter(pk__in=keys)
        .select_related("household", "accepted_by", "answered_by")
        .order_by("village_id", "household_id")
    )
    for village in {proposal.village_id for proposal in proposals}:
        require_within(by, village)
    facts = Facts.of(review, proposals)
    busy = _open_cases(proposals)
    refusals = [_refusal(proposal, facts, busy) for proposal in proposals]
    accepted = [one for one, refusal in zip(proposals, refusals, strict=True) if refusal is None]
    left_out = [
        LeftOut(one, refusal)
        for one, refusal in zip(proposals, refusals, strict=True)
        if refusal is not None
    ]
    openings = [_opening(one, facts, review) for one in accepted]
    cases = open_cases(openings, by=by) if openings else []
    _mark(accepted, cases, by, origin)
    return Acceptance(cases, left_out)


@dataclass(frozen=True)
class Facts:
    """What is known now of the households of some proposals, by household.

    `members` are the person numbers of the active members; `hands` the recorders, by survey.
    """

    surveys: dict[int, Survey]
    members: dict[int, list[str]]
    hands: dict[int, list[int]]

    @classmethod
    def of(cls, review: Review, proposals: Sequence[Proposal]) -> "Facts":
        keys = [one.household_id for one in proposals]
        surveys = Survey.objects.filter(household_id__in=keys, year=review.year).in_force()
        found = {survey.household_id: survey for survey in surveys}
        return cls(found, person_numbers(keys), recorders(found.values()))

    def bear_out(self, proposal: Proposal) -> bool:
        """Whether survey in force, persons, state and village are still those of the proposal."""
        household = proposal.household
        now = (self.survey_id(proposal), self.persons(proposal), household.state)
        then = (proposal.survey_id, proposal.persons, proposal.state)
        return now == then and household.village_id == proposal.village_id

    def survey_id(self, proposal: Proposal) -> int | None:
        survey = self.surveys.get(proposal.household_id)
        return survey.pk if survey else None

    def persons(self, proposal: Proposal) -> int:
        survey = self.surveys.get(proposal.household_id)
        return survey.persons if survey else len(self.members[proposal.household_id])


def _open_cases(proposals: Iterable[Proposal]) -> dict[tuple[str, str], Case]:
    """Open cases of the kinds that these proposals would open, by kind and household number."""
    subjects: dict[str, list[str]] = {}
    for proposal in proposals:
        if kind := CASE_KINDS.get(Kind(proposal.kind)):
            subjects.setdefault(kind, []).append(proposal.household.number)
    return {
        (kind, subject): case
        for kind, numbers in subjects.items()
        for subject, case in open_cases_of(kind, numbers).items()
    }


def _refusal(proposal: Proposal, facts: Facts, busy: dict[tuple[str, str], Case]) -> Refused | None:
    if proposal.superseded_at is not None:
        return _stale(SUPERSEDED, proposal, facts, code="superseded")
    if answer := decided(proposal):
        return answer
    if proposal.kind not in ACCEPTABLE:
        return Refused(
            _("There is nothing to accept: the review proposes “%(kind)s”.")
            % {"kind": KIND_NAMES[Kind(proposal.kind)]},
            code="not_acceptable",
        )
    if not facts.bear_out(proposal):
        return _stale(
            _(
                "The facts of this household changed after the review."
                " Wait for the renewed proposal."
            ),
            proposal,
            facts,
            code="changed",
        )
    if case := busy.get((CASE_KINDS[Kind(proposal.kind)], proposal.household.number)):
        return already_open(case.kind, {case.subject: case})
    return None


def decided(proposal: Proposal) -> Refused | None:
    """The refusal that says what somebody has made of the proposal; None while it waits."""
    by: Officer | None
    at: datetime | None
    if proposal.accepted_at is not None:
        text, code = _("This proposal has been accepted already."), "accepted"
        now = _("accepted, case %(case)s") % {"case": proposal.case_id}
        by, at = proposal.accepted_by, proposal.accepted_at
    elif proposal.answer is not None:
        text, code = _("This proposal has been answered. Take the answer back first."), "answered"
        now, by, at = str(Answer(proposal.answer).label), proposal.answered_by, proposal.answered_at
    else:
        return None
    found = {"label": _("Proposal"), "before": _("waiting"), "after": f"{now} ({by})"}
    return Refused(text, code=code, details={"differences": [found], "at": at})


def _stale(message: str | Promise, proposal: Proposal, facts: Facts, *, code: str) -> Stale:
    then = Survey.objects.filter(pk=proposal.survey_id or 0).first()
    now = facts.surveys.get(proposal.household_id)
    found = differences(proposal, then, now, persons=facts.persons(proposal))
    return Stale(str(message), code=code, details={"differences": found})


def _opening(proposal: Proposal, facts: Facts, review: Review) -> Opening:
    survey, members = facts.surveys[proposal.household_id], facts.members[proposal.household_id]
    return Opening(
        CASE_KINDS[Kind(proposal.kind)],
        proposal.household.number,
        proposal.village_id,
        evidence_of(proposal, survey, review, members, facts.hands[survey.pk]),
    )


def _mark(proposals: Sequence[Proposal], cases: Sequence[Case], by: Officer, origin: str) -> None:
    keys = [[one.pk for one in proposals], [case.pk for case in cases]]
    with connection.cursor() as cursor:
        cursor.execute(ACCEPT, [by.pk, *keys])
    acts = (
        (proposal.pk, proposal.village_id, {"case": case.pk})
        for proposal, case in zip(proposals, cases, strict=True)
    )
    record_same(by=by, action="accept", subjects=Proposal, acts=acts, origin=origin)


def digest_of(proposal: Proposal, survey: Survey, review: Review) -> str:
    """The digest of the evidence, which a page sends back to say what its reader saw."""
    members = person_numbers([proposal.household_id])[proposal.household_id]
    hands = recorders([survey])[survey.pk]
    return digest(evidence_of(proposal, survey, review, members, hands))
