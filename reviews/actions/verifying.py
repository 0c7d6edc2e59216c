"""Recomputing a whole review from the inputs that it stored, part by part, in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from divisions.scope import code_range
from households.rules import Kind
from officers.models import Officer, Posting
from officers.rights import require
from reviews.actions.frames import judge, village_proofs
from reviews.actions.stored import read_evidence
from reviews.models import Proposal, Review, Verification
from reviews.queries.facts import ADDED_LATER, DECIDED, FIRST_RUN
from reviews.queries.proofs import evidence_again, standard_hash_again
from reviews.rights import VERIFIERS
from reviews.rules import Range, combined, cut
from trail.actions import record
from trail.errors import Refused
from trail.rules import digest
from workflow.models import CaseEvent

if TYPE_CHECKING:
    from pandas import DataFrame

AT_ONCE = 20_000
ACCEPTED_AT_ONCE = 2000
MOST_EXAMPLES = 20
COMPARED = ("survey", "persons", *DECIDED)


@dataclass
class Findings:
    """What the recomputation has found so far; `proofs` are village code, input and result hash."""

    proposals: int = 0
    accepted: int = 0
    differences: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    proofs: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, **example: Any) -> None:
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(example)


@transaction.atomic
def ask_to_verify(review_id: int, *, by: Officer) -> Review:
    """Leave in the trace that a recomputation is to be made; the caller has a worker make it.

    Raises NotAllowed; Refused for a review that has not finished.
    """
    review = _finished(review_id, by)
    record(by=by, action="ask_verification", subject=review, division=review.root_id)
    return review


def verify_review(review_id: int, *, by: Officer) -> Verification:
    """Recompute each proposal from the survey, state and persons that it names, and compare.

    Those of the first run give the hashes again; those that refreshes added are compared as well,
    and so is the evidence of each accepted one with what its case was opened on. By an auditor,
    an approver or the operator. Raises NotAllowed; Refused for a review that has not finished.
    """
    review = _finished(review_id, by)
    found = Findings()
    for part in _parts(review):
        _compare_first_run(review, part, found)
        _compare(review, read_evidence(review, ADDED_LATER, part.low, part.high), found)
        _compare_accepted(review, part, found)
    _compare_villages(review, found)
    standard_hash = standard_hash_again(review)
    if standard_hash != review.standard_hash:
        found.note(
            standard=review.standard.number or review.standard_id,
            column="standard_hash",
            stored=review.standard_hash,
            recomputed=standard_hash,
        )
    return _store(review, found, standard_hash, by)


def verify_as_asked(review_id: int, officer_id: int, posting_id: int) -> Verification:
    """The same for an officer who asked for it under a posting. Raises NotAllowed if it ended."""
    posting = Posting.objects.select_related("officer").get(pk=posting_id, officer_id=officer_id)
    return verify_review(review_id, by=posting.officer.act_as(posting))


def _finished(review_id: int, by: Officer) -> Review:
    review = Review.everywhere.select_related("standard").get(pk=review_id)
    require(by, *VERIFIERS, code=review.root_id)
    if not review.result_hash:
        raise Refused(
            _("Only a finished review can be recomputed. This one is: %(state)s.")
            % {"state": review.get_state_display()},
            code="not_finished",
        )
    return review


def _parts(review: Review) -> list[Range]:
    """Contiguous villages of about AT_ONCE households that together cover the whole scope."""
    low, high = code_range(review.root_id)
    counts = review.villages.order_by("village_id").values_list("village_id", "households")
    return cut(list(counts), low=low, high=high, most=AT_ONCE) or [Range(low, high, 0)]


def _compare_first_run(review: Review, part: Range, found: Findings) -> None:
    again = _compare(review, read_evidence(review, FIRST_RUN, part.low, part.high), found)
    found.proofs += village_proofs(again)


def _compare(review: Review, stored: "DataFrame", found: Findings) -> "DataFrame":
    """Note what differs; returns the proposals recomputed."""
    again = recomputed(review, stored)
    differing = stored[list(COMPARED)] != again[list(COMPARED)]
    rows = differing.any(axis=1).to_numpy()
    found.proposals += len(stored)
    found.differences += int(rows.sum())
    for place in rows.nonzero()[0][:MOST_EXAMPLES].tolist():
        for column in differing.columns[differing.iloc[place]]:
            found.note(
                household=stored["number"].iat[place],
                column=column,
                stored=int(stored[column].iat[place]),
                recomputed=int(again[column].iat[place]),
            )
    return again


def recomputed(review: Review, stored: "DataFrame") -> "DataFrame":
    """What the rules make of the inputs of stored proposals; `stored` as read_evidence gives it.

    A survey that is not there any more is 0. A household that needs attention was not judged: it
    stays as it is, without figures.
    """
    attention = stored["kind"] == Kind.ATTENTION
    facts = stored.assign(
        persons=stored["counted"],
        survey=stored["survey"].where((stored["surveyed"] == 1) | attention, 0),
    )
    again = judge(facts, review)
    again.loc[attention, list(DECIDED)] = 0
    again.loc[attention, "kind"] = int(Kind.ATTENTION)
    return again


def _compare_accepted(review: Review, part: Range, found: Findings) -> None:
    for proposal, opening in _accepted(review, part):
        found.accepted += 1
        kept = opening.facts or {}
        again = digest(evidence_again(proposal, review, kept))
        if not again == opening.facts_hash == digest(kept):
            found.differences += 1
            found.note(
                household=proposal.household.number,
                case=proposal.case_id,
                column="facts_hash",
                stored=opening.facts_hash,
                recomputed=again,
            )


def _accepted(review: Review, part: Range) -> Iterator[tuple[Proposal, CaseEvent]]:
    """The accepted proposals with survey and household, each with the opening of its case."""
    accepted = Proposal.everywhere.filter(
        review=review,
        accepted_at__isnull=False,
        village_id__gte=part.low,
        village_id__lt=part.high,
    )
    ordered = accepted.select_related("survey", "household").order_by("pk")
    last = 0
    while some := list(ordered.filter(pk__gt=last)[:ACCEPTED_AT_ONCE]):
        last = some[-1].pk
        cases = [proposal.case_id for proposal in some]
        events = CaseEvent.objects.filter(case__in=cases, seq=1)
        openings = {event.case_id: event for event in events}
        yield from ((proposal, openings[cast(int, proposal.case_id)]) for proposal in some)


def _compare_villages(review: Review, found: Findings) -> None:
    """Note the villages whose hashes did not come out again, those too that only one side has."""
    first_run = review.villages.exclude(result_hash="")
    stored = {
        code: hashes
        for code, *hashes in first_run.values_list("village_id", "input_hash", "result_hash")
    }
    again = {code: hashes for code, *hashes in found.proofs}
    nothing = ["", ""]
    for code in sorted(stored.keys() | again.keys()):
        pairs = zip(stored.get(code, nothing), again.get(code, nothing), strict=True)
        for column, (before, after) in zip(("input_hash", "result_hash"), pairs, strict=True):
            if before != after:
                found.note(village=code, column=column, stored=before, recomputed=after)


@transaction.atomic
def _store(review: Review, found: Findings, standard_hash: str, by: Officer) -> Verification:
    verification = Verification.objects.create(
        review=review,
        by=by,
        proposals=found.proposals,
        differences=found.differences,
        examples=found.examples,
        input_hash=combined((code, one) for code, one, _result in found.proofs),
        standard_hash=standard_hash,
        result_hash=combined((code, one) for code, _input, one in found.proofs),
    )
    record(
        by=by,
        action="verify",
        subject=review,
        division=review.root_id,
        after={
            "verification": verification.pk,
            "proposals": found.proposals,
            "accepted": found.accepted,
            "differences": found.differences,
            "same": verification.is_same,
        },
    )
    return verification
