"""Saying something else to a proposal than yes: refused, sent back, and taking that back."""

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from reviews.actions.accepting import SUPERSEDED, committed_review, decided
from reviews.answers import REASONS, TEXT_LENGTH, written
from reviews.models import Answer, Proposal
from reviews.queries.acting import Chosen, answerable, chosen_proposals
from reviews.queries.proposals import Wanted
from trail.actions import record, record_same
from trail.errors import Refused, Stale
from trail.transactions import retried
from workflow.errors import Incomplete

MOST_ANSWERED = 10_000
COPIED = (
    "review_id, household_id, village_code, survey_id, state, kind, lacks, gaps, persons, net_fen,"
    " error"
)
PUT_UP_AGAIN = f"""
    INSERT INTO reviews_proposal ({COPIED}, added_at)
    SELECT {COPIED}, superseded_at FROM reviews_proposal WHERE id = %s RETURNING id
"""  # noqa: S608 - constants of this module


@retried
@transaction.atomic
def answer_proposal(
    proposal_id: int, *, answer: Answer, reason: str, text: str, by: Officer
) -> Proposal:
    """Refuse one proposal or send it back; `reason` is a code of REASONS, `text` may explain it.

    Raises NotAllowed; Incomplete; Refused when it is not waiting or its kind has no such answer.
    """
    found = Proposal.everywhere.get(pk=proposal_id)
    require(by, Role.COUNTY_CLERK, code=found.village_id)
    committed_review(found.review_id)
    waiting = Proposal.everywhere.waiting().filter(answerable(answer), pk=proposal_id)
    if not _answer(waiting, answer, written_reason(answer, reason, text), by):
        raise not_waiting(Proposal.everywhere.get(pk=proposal_id))
    return Proposal.everywhere.get(pk=proposal_id)


@retried
@transaction.atomic
def answer_proposals(
    review_id: int,
    wanted: Wanted,
    *,
    answer: Answer,
    reason: str,
    text: str,
    seen: str,
    by: Officer,
) -> int:
    """Give the same answer to all waiting proposals of a filter; returns how many.

    `seen` is the digest of those that the officer confirmed. Raises NotAllowed; Incomplete; Stale
    when they are others by now; Refused for none, for too many, or for a review not committed.
    """
    require(by, Role.COUNTY_CLERK)
    review = committed_review(review_id)
    stored = written_reason(answer, reason, text)
    chosen = chosen_proposals(by, review, wanted, answerable(answer))
    refuse_unseen(chosen, seen)
    if len(chosen.keys) > MOST_ANSWERED:
        raise Refused(
            _("At most %(most)s proposals are answered at once. Narrow the filter.")
            % {"most": f"{MOST_ANSWERED:,}"},
            code="too_many",
        )
    waiting = Proposal.everywhere.waiting().filter(review=review, pk__in=chosen.keys)
    answered = _answer(waiting, answer, stored, by)
    if answered != len(chosen.keys):
        raise Stale(_("The proposals changed since you looked. Look again, then confirm."))
    return answered


def refuse_unseen(chosen: Chosen, seen: str) -> None:
    """Stale when the proposals are not those that the officer saw; Refused when there are none."""
    if not chosen.keys:
        raise Refused(_("No proposal of this filter waits. Choose another filter."), code="none")
    if chosen.seen != seen:
        raise Stale(_("The proposals changed since you looked. Look again, then confirm."))


def written_reason(answer: Answer, reason: str, text: str) -> str:
    """The reason as it is stored. Raises Incomplete for an unknown code or too long a text."""
    if reason not in REASONS[answer]:
        raise Incomplete(_("Choose the reason."), details={"fields": {"reason": _("Choose one.")}})
    if len(text.strip()) > TEXT_LENGTH:
        said = _("Write at most %(most)s characters.") % {"most": TEXT_LENGTH}
        raise Incomplete(said, details={"fields": {"text": said}})
    return written(reason, text)


def not_waiting(proposal: Proposal) -> Refused:
    """The refusal of an answer to a proposal that does not wait for it, with who decided when."""
    if proposal.superseded_at is not None:
        return Stale(str(SUPERSEDED), code="superseded")
    return decided(proposal) or Refused(
        _("This proposal cannot be refused: accepting it would change nothing. Send it back."),
        code="not_waiting",
    )


def _answer(waiting: QuerySet[Proposal], answer: Answer, stored: str, by: Officer) -> int:
    """Locks the proposals in the order of village and household, then answers them at once."""
    locked = waiting.select_for_update().order_by("village_id", "household_id")
    rows = list(locked.values_list("pk", "village_id"))
    Proposal.everywhere.filter(pk__in=[key for key, _village in rows]).update(
        answer=answer, answered_by=by, answered_at=timezone.now(), answer_reason=stored
    )
    after = {"answer": int(answer), "reason": stored}
    acts = ((key, village, after) for key, village in rows)
    record_same(by=by, action=Answer(answer).name.lower(), subjects=Proposal, acts=acts)
    return len(rows)


@retried
@transaction.atomic
def take_back_answer(proposal_id: int, *, by: Officer) -> int:
    """Put an answered proposal up for decision again; returns the id of the one that now waits.

    The answered one stays on record, superseded. Raises NotAllowed; Refused when it is not answered
    any more, or the review is not committed.
    """
    found = Proposal.everywhere.get(pk=proposal_id)
    require(by, Role.COUNTY_CLERK, code=found.village_id)
    review = committed_review(found.review_id)
    proposal = Proposal.everywhere.select_for_update().get(pk=proposal_id)
    if proposal.answer is None or proposal.superseded_at is not None:
        raise Refused(_("This proposal has no answer that could be taken back."), code="no_answer")
    fresh = put_up_again(proposal)
    record(
        by=by,
        action="take_back_answer",
        subject=proposal,
        division=proposal.village_id,
        before={"answer": proposal.answer, "reason": proposal.answer_reason},
        after={"review": review.pk, "proposal": fresh},
    )
    return fresh


def put_up_again(proposal: Proposal) -> int:
    """Supersede a locked proposal by an undecided one that says the same; returns its id."""
    proposal.superseded_at = timezone.now()
    proposal.save(update_fields=["superseded_at"])
    with connection.cursor() as cursor:
        cursor.execute(PUT_UP_AGAIN, [proposal.pk])
        [fresh] = cursor.fetchone()
    return fresh
