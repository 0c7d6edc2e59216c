"""Deciding anew the households that need attention, after somebody mended what was at fault.

A refresh looks only at households whose facts changed; this looks at them whatever changed.
"""

import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.scope import require_within
from households.evidence import rest_on_facts
from households.rules import Kind
from officers.models import Officer
from officers.rights import require
from reviews.actions.chunks import ENDLESS, try_again
from reviews.actions.refreshing import decide_anew, keep_totals
from reviews.models import DONE, UNFINISHED, Proposal, Review, ReviewState
from reviews.rights import PROPOSERS, own_part
from trail.actions import record
from trail.errors import Refused

AT_ONCE = 10  # households of one commit: each of them may hang for the time of its patience


@transaction.atomic
def ask_to_try_again(review_id: int, *, by: Officer) -> str:
    """Leave in the trace that what failed is to be tried anew; the division for which it was asked.

    Parts of a review under way that wait after many failures are free at once; for the households
    of a finished one the caller nudges a worker. By a proposing role, for its own part of the
    review. Raises NotAllowed; Refused for a cancelled review, and when nothing needs attention.
    """
    review = Review.everywhere.select_for_update(of=("self",)).get(pk=review_id)
    require(by, *PROPOSERS)
    part = own_part(by, review)
    require_within(by, part)
    if review.state == ReviewState.CANCELLED:
        raise Refused(_("This review was cancelled."), code="cancelled")
    if review.state in UNFINISHED:
        try_again(review.pk, part)
    elif not _at_fault(review, part):
        raise Refused(_("No household here needs attention any more."), code="nothing_to_try")
    record(by=by, action="try_again", subject=review, division=part)
    return part


def decide_again(review_id: int, part: str, *, after: int = 0, seconds: float = ENDLESS) -> int:
    """Decide the households that need attention below a division, some in one commit.

    Returns the id of the last household looked at when the seconds ran out, 0 when all is done.
    One that still fails needs attention again. A review that is not finished is left alone.
    """
    deadline = time.monotonic() + seconds
    review = Review.everywhere.select_related("standard").get(pk=review_id)
    if review.state not in DONE:
        return 0
    while households := _at_fault(review, part, after):
        _decide_some(review, households)
        after = households[-1]
        if time.monotonic() > deadline:
            return after
    keep_totals(review_id)
    return 0


def _at_fault(review: Review, part: str, after: int = 0) -> list[int]:
    """The next AT_ONCE households that need attention, by id."""
    found = Proposal.everywhere.undecided().within(part).filter(review=review, kind=Kind.ATTENTION)
    later = found.filter(household_id__gt=after).order_by("household_id")
    return list(later.values_list("household_id", flat=True)[:AT_ONCE])


@transaction.atomic
def _decide_some(review: Review, households: list[int]) -> None:
    """Waits for a refresh: both lock the chunks, which all of a review's proposals lie in."""
    rest_on_facts()
    list(review.chunks.select_for_update().order_by("seq").values_list("pk", flat=True))
    still = Proposal.everywhere.undecided().filter(
        review=review, household__in=households, kind=Kind.ATTENTION
    )
    decide_anew(review, sorted(still.values_list("household_id", flat=True)), timezone.now())
