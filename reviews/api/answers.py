"""Reviews and proposals as JSON values. Names are masked, what officers wrote is left out, and
counts that would tell of few households are null.
"""

from typing import Any

from households.api.findings import known_yuan
from households.explain import in_order
from households.models import Standard
from households.rules import GAPS, LACKS, Kind, named
from households.snapshot import yuan
from households.suppression import Key
from officers.models import Officer
from reviews.faults import in_words
from reviews.models import Answer, Proposal, Review
from reviews.queries.keys import HOUSEHOLDS, PERSONS, kind_key
from reviews.queries.overview import shown_totals
from reviews.queries.proposals import Row
from reviews.rights import own_part
from trail.shapes import moment
from trail.shapes import yuan as in_yuan

KINDS = {kind: kind.name.lower() for kind in Kind if kind}
"""What a review proposes, by the word that its report has for it."""


def review_json(review: Review) -> dict[str, Any]:
    """A review, with the digests of what went in and what came out."""
    return {
        "id": review.pk,
        "year": review.year,
        "division": review.root_id,
        "standard": _standard(review.standard),
        "dry_run": review.dry_run,
        "state": review.state,
        "proposed_by": review.proposed_by.name,
        "committed_by": review.committed_by.name if review.committed_by else None,
        "proposed_at": moment(review.created_at),
        "paused_at": moment(review.paused_at),
        "facts_at": moment(review.facts_at),
        "finished_at": moment(review.finished_at),
        "committed_at": moment(review.committed_at),
        "refreshed_at": moment(review.refreshed_at),
        "input_hash": review.input_hash or None,
        "standard_hash": review.standard_hash,
        "result_hash": review.result_hash or None,
    }


def _standard(standard: Standard) -> dict[str, Any]:
    """A draft has no number."""
    return {
        "number": standard.number,
        "division": standard.division_id,
        "line": in_yuan(standard.line),
        "monitoring_line": in_yuan(standard.monitoring_line),
    }


def figures_json(officer: Officer, review: Review) -> dict[str, Any]:
    """What the part of a review within the posting adds up to; null until it is done."""
    part = own_part(officer, review)
    totals, shown = shown_totals(officer, review, part)

    def number(key: Key) -> int | None:
        return None if not totals or shown.is_hidden(key) else shown.counts.get(key, 0)

    return {
        "figures": {
            "division": part,
            "households": number(HOUSEHOLDS),
            "persons": number(PERSONS),
            "proposals": {word: number(kind_key(kind)) for kind, word in KINDS.items()},
        }
    }


def proposal_json(row: Row) -> dict[str, Any]:
    """What a review proposes for one household, and what an officer said to it."""
    proposal = row.proposal
    return {
        "household": proposal.household.number,
        "householder": row.head or None,
        "village": proposal.village_id,
        "status": str(proposal.state),
        "proposal": KINDS[Kind(proposal.kind)],
        "persons": proposal.persons,
        "net_income": known_yuan(proposal.net_fen),
        "per_capita_net_income": known_yuan(row.per_capita_fen),
        "needed": yuan(row.needed_fen),
        "lacks": in_order(named(proposal.lacks, LACKS)),
        "gaps": in_order(named(proposal.gaps, GAPS)),
        "fault": str(in_words(proposal.error).happened) if proposal.error else None,
        "answer": _answer(proposal),
        "answered_at": moment(proposal.accepted_at or proposal.answered_at),
        "case": proposal.case_id,
        "added_at": moment(proposal.added_at),
    }


def _answer(proposal: Proposal) -> str:
    """A name of `reviews.queries.proposals.ANSWERS`."""
    if proposal.accepted_at:
        return "accepted"
    return "waiting" if proposal.answer is None else Answer(proposal.answer).name.lower()
