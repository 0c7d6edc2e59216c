"""Pausing a review under way, and letting it go on. Workers stop after the part at hand."""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from reviews.models import UNFINISHED, Review
from reviews.rights import COMMITTERS, PROPOSERS
from trail.actions import record
from trail.errors import Refused


@transaction.atomic
def pause_review(review_id: int, *, by: Officer) -> Review:
    """No worker claims another part until somebody resumes the review.

    By a proposing or committing role. Raises NotAllowed; Refused when nothing is under way, or when
    it is paused already, naming who paused it.
    """
    review = _locked(review_id, by)
    if review.paused_at is not None:
        raise Refused(paused_words(review), code="paused")
    review.paused_by, review.paused_at = by, timezone.now()
    review.save(update_fields=["paused_by", "paused_at"])
    record(by=by, action="pause", subject=review, division=review.root_id)
    return review


@transaction.atomic
def resume_review(review_id: int, *, by: Officer) -> Review:
    """Workers claim parts again; the caller nudges them.

    By a proposing or committing role. Raises NotAllowed; Refused when it is not paused.
    """
    review = _locked(review_id, by)
    if review.paused_at is None:
        raise Refused(_("This review is not paused."), code="not_paused")
    before = {"paused_by": review.paused_by_id, "paused_at": review.paused_at.isoformat()}
    review.paused_by = review.paused_at = None
    review.save(update_fields=["paused_by", "paused_at"])
    record(by=by, action="resume", subject=review, division=review.root_id, before=before)
    return review


def paused_words(review: Review) -> str:
    """Who paused the review and when; its `paused_by` must be set."""
    when = date_format(timezone.localtime(review.paused_at), "Y-m-d H:i")
    return _("The review was paused by %(name)s on %(time)s.") % {
        "name": review.paused_by and review.paused_by.name,
        "time": when,
    }


def _locked(review_id: int, by: Officer) -> Review:
    """The review under way, its row locked. Raises NotAllowed, Refused."""
    review = Review.everywhere.select_for_update().get(pk=review_id)
    require(by, *PROPOSERS, *COMMITTERS, code=review.root_id)
    if review.state not in UNFINISHED:
        raise Refused(
            _("Only a review under way can be paused or resumed. This one is: %(state)s.")
            % {"state": review.get_state_display()},
            code="not_under_way",
        )
    return review
