"""Accepting the proposals of a filter: confirmed once, then accepted part by part.

What is done and what is not stands in the batch's own row: a worker that dies loses the part that
it was at, and whoever comes next begins that part anew.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import asdict

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.scope import contains
from officers.models import Officer, Posting
from officers.rights import require
from officers.rules import Role
from reviews.actions.accepting import Acceptance, LeftOut, accept_proposals, committed_review
from reviews.actions.answering import refuse_unseen
from reviews.actions.chunks import ENDLESS
from reviews.actions.isolating import FAULTS, in_short, refuse_blame
from reviews.models import BatchAcceptance, BatchState, LeftOutRow, Proposal, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.batches import batch_lines
from reviews.queries.proposals import Wanted
from reviews.rights import own_part, require_export
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.transactions import retried
from workflow.errors import AlreadyOpen

logger = logging.getLogger(__name__)

ONE_AFTER_ANOTHER = "SELECT pg_advisory_xact_lock(hashtext('reviews.batch'), %s)"
PART_ROWS = 1000
AT_ONCE = 200
TRIES = 3
MOVED = ["accepted", "left_out", "state", "finished_at", "stopped_why"]


@retried
@transaction.atomic
def confirm_batch(review_id: int, wanted: Wanted, *, seen: str, by: Officer) -> BatchAcceptance:
    """Set out to accept the waiting proposals of a filter; `drive` then accepts them.

    `seen` is the digest of those that the officer confirmed. Raises NotAllowed; Stale when they are
    others by now; Refused for none, or for a review that is a dry run or not committed. The same
    confirmation sent twice gives the batch of the first one.
    """
    require(by, Role.COUNTY_CLERK)
    review = committed_review(review_id)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AFTER_ANOTHER, [by.pk])
    if same := _confirmed(review, seen, by):
        return same
    chosen = chosen_proposals(by, review, wanted, CAN_BE_ACCEPTED)
    refuse_unseen(chosen, seen)
    batch = BatchAcceptance.everywhere.create(
        review=review,
        division_id=wanted.division or own_part(by, review),
        wanted=asdict(wanted),
        proposals=chosen.keys,
        expected=len(chosen.keys),
        seen=seen,
        by=by,
    )
    record(
        by=by,
        action="confirm_batch",
        subject=batch,
        division=batch.division_id,
        after={"review": review.pk, "filter": batch.wanted, "proposals": batch.expected},
    )
    return batch


def _confirmed(review: Review, seen: str, by: Officer) -> BatchAcceptance | None:
    """The officer's batch of these very proposals, sent twice.

    One that was stopped, or that left all of them out, is begun again: they still wait.
    """
    found = BatchAcceptance.everywhere.filter(review=review, seen=seen, by=by)
    sent = found.exclude(state=BatchState.STOPPED)
    return sent.exclude(state=BatchState.DONE, accepted=0).defer("proposals").first()


@transaction.atomic
def download_batch(batch: BatchAcceptance, *, by: Officer) -> Iterator[str]:
    """The lines of the file of a batch; the trace tells who took it.

    Raises NotAllowed for a role that takes totals alone.
    """
    most = require_export(by)
    record(
        by=by,
        action="download_batch",
        subject=batch,
        division=batch.division_id,
        after={"rows": min(batch.expected, most)},
    )
    return batch_lines(by, batch, most=most)


def running() -> list[int]:
    """Batches with proposals still to be accepted."""
    found = BatchAcceptance.everywhere.filter(state=BatchState.RUNNING).order_by("pk")
    return list(found.values_list("pk", flat=True))


def drive(batch_id: int, *, seconds: float = ENDLESS) -> bool:
    """Accept part after part; False when the seconds ran out before the batch ended.

    While somebody else is at it, there is nothing to do here.
    """
    deadline = time.monotonic() + seconds
    while accept_part(batch_id):
        if time.monotonic() > deadline:
            return False
    return True


def accept_part(batch_id: int) -> bool:
    """Accept the next part of a batch; whether there is more to do.

    A case that another officer opens at the same moment undoes the part; done again, its proposal
    is left out.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return _accept_part(batch_id)
        except AlreadyOpen:
            if not tries_left:
                raise
    return True


@retried
@transaction.atomic
def _accept_part(batch_id: int) -> bool:
    batch = (
        BatchAcceptance.everywhere.select_for_update(of=("self",), skip_locked=True)
        .select_related("by")
        .defer("proposals")
        .filter(pk=batch_id, state=BatchState.RUNNING)
        .first()
    )
    if batch is None:
        return False
    try:
        acceptance = _accepted(batch)
    except AlreadyOpen:
        raise
    except Refused as refusal:
        _end(batch, BatchState.STOPPED, why=refusal.code)
        return False
    LeftOutRow.objects.bulk_create(
        LeftOutRow(
            batch=batch,
            proposal=one.proposal,
            code=one.refusal.code,
            message=one.refusal.message,
        )
        for one in acceptance.left_out
    )
    batch.accepted += len(acceptance.cases)
    batch.left_out += len(acceptance.left_out)
    if batch.accepted + batch.left_out == batch.expected:
        _end(batch, BatchState.DONE)
        return False
    batch.save(update_fields=MOVED)
    return True


def _accepted(batch: BatchAcceptance) -> Acceptance:
    """The next part, accepted under the right that its officer has today. Raises Refused."""
    done = batch.accepted + batch.left_out
    chosen = BatchAcceptance.everywhere.filter(pk=batch.pk)
    [part] = chosen.values_list(f"proposals__{done}_{done + PART_ROWS}", flat=True)
    clerk = batch.by.act_as(_posting(batch))
    try:
        with transaction.atomic():
            return _accept(batch, part, clerk)
    except FAULTS as fault:
        refuse_blame(fault)
    return _accepted_apart(batch, part, clerk)


def _accept(batch: BatchAcceptance, part: list[int], clerk: Officer) -> Acceptance:
    return accept_proposals(batch.review_id, part, by=clerk, origin=f"batch:{batch.pk}")


def _accepted_apart(batch: BatchAcceptance, part: list[int], clerk: Officer) -> Acceptance:
    """The part one by one: whichever fails is left out, so that it does not stop the others."""
    whole = Acceptance()
    for key in part:
        try:
            with transaction.atomic():
                one = _accept(batch, [key], clerk)
        except FAULTS as fault:
            refuse_blame(fault)
            logger.warning("batch %s left out proposal %s: %s", batch.pk, key, in_short(fault))
            one = Acceptance(left_out=[_at_fault(key, fault)])
        whole.cases.extend(one.cases)
        whole.left_out.extend(one.left_out)
    return whole


def _at_fault(key: int, fault: Exception) -> LeftOut:
    return LeftOut(Proposal.everywhere.get(pk=key), Refused(in_short(fault), code="fault"))


def _posting(batch: BatchAcceptance) -> Posting:
    """The posting under which the batch goes on. Raises NotAllowed when it has ended."""
    held = Posting.objects.in_force(business_date()).filter(
        officer=batch.by, role=Role.COUNTY_CLERK
    )
    for posting in held:
        if contains(posting.division_id, batch.division_id):
            return posting
    raise NotAllowed(_("You have no posting in force today."), code="no_posting")


def _end(batch: BatchAcceptance, state: BatchState, *, why: str = "") -> None:
    batch.state, batch.finished_at, batch.stopped_why = state, timezone.now(), why
    batch.save(update_fields=MOVED)
    record(
        by=batch.by,
        action="stop_batch" if why else "finish_batch",
        subject=batch,
        division=batch.division_id,
        after={"accepted": batch.accepted, "left_out": batch.left_out},
        reason=why,
    )
