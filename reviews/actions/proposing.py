"""Opening, committing and cancelling a review. Three acts, two people."""

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import Division
from divisions.scope import NATION, code_range, contains
from households.models import Household, Standard, Survey
from officers.models import Officer
from officers.rights import require
from reviews.models import Proposal, Review, ReviewChunk, ReviewState
from reviews.rights import COMMITTERS, PROPOSERS
from reviews.rules import cut
from trail.actions import record
from trail.errors import NotAllowed, Refused
from workflow.queries import parameter

CHUNK_HOUSEHOLDS = "review.chunk_households"
TOWNSHIP_DIGITS, VILLAGE_DIGITS = 9, 12


class Overlaps(Refused):
    """A binding review of an overlapping scope and the same year stands; details: review."""

    code = "overlaps"


class NoStandard(Refused):
    """No published standard of the year holds there."""

    code = "no_standard"


class NoSurveys(Refused):
    """Nobody surveyed a household of the scope for the year."""

    code = "no_surveys"


def require_proposer(root: Division, by: Officer) -> None:
    """NotAllowed for an officer who cannot propose there; Refused for the nation as root."""
    require(by, *PROPOSERS, code=root.pk)
    if root.pk == NATION:
        raise Refused(
            _("A review covers a province at most. Choose a province or a place in it."),
            code="nation",
        )


@transaction.atomic
def propose_review(*, root: Division, year: int, by: Officer) -> Review:
    """A binding review of `year` below `root`, cut into chunks and ready to be driven.

    Raises NotAllowed, NoStandard, NoSurveys, Overlaps, or Refused for the nation as root.
    """
    require_proposer(root, by)
    _lock_year(year)
    _refuse_overlap(root.pk, year)
    standard = Standard.objects.holding(root.pk, year).first()
    if standard is None:
        raise NoStandard(
            _("No standard of %(year)s is published for %(place)s. Publish one first.")
            % {"year": year, "place": root.name}
        )
    return _open(Review(root=root, year=year, standard=standard, proposed_by=by), by)


@transaction.atomic
def propose_dry_run(
    *, root: Division, year: int, by: Officer, standard: Standard | None = None
) -> Review:
    """A dry run: stored, shown, never committed; under `standard` or the one that holds.

    Dry runs may overlap each other and binding reviews. Raises NotAllowed, NoStandard (also for a
    standard that is neither published nor a draft of the province), NoSurveys.
    """
    require_proposer(root, by)
    standard = standard or Standard.objects.holding(root.pk, year).first()
    if standard is None or not _can_be_tried(standard, root):
        raise NoStandard(
            _("No published standard for this dry run. Publish one first, or name another.")
        )
    return _open(Review(root=root, year=year, standard=standard, proposed_by=by, dry_run=True), by)


def _can_be_tried(standard: Standard, root: Division) -> bool:
    own_draft = standard.is_draft and contains(standard.division_id, root.pk)
    return standard.published_at is not None or own_draft


@transaction.atomic
def commit_review(review_id: int, *, by: Officer) -> Review:
    """From now on its proposals can be accepted. Needs an approver who did not propose it.

    Raises NotAllowed; Refused for a dry run, and while the review is not finished.
    """
    review = Review.everywhere.select_for_update().select_related("root").get(pk=review_id)
    require(by, *COMMITTERS, code=review.root_id)
    if review.proposed_by_id == by.pk:
        raise NotAllowed(
            _("You proposed this review. Another officer has to commit it."), code="same_hand"
        )
    if review.dry_run:
        raise Refused(_("A dry run is never committed."), code="dry_run")
    if review.state != ReviewState.FINISHED:
        raise Refused(
            _("Only a finished review can be committed. This one is: %(state)s.")
            % {"state": review.get_state_display()},
            code="not_finished",
        )
    review.state, review.committed_by = ReviewState.COMMITTED, by
    review.committed_at = timezone.now()
    review.save(update_fields=["state", "committed_by", "committed_at"])
    record(by=by, action="commit", subject=review, division=review.root_id,
           after={"result_hash": review.result_hash})  # fmt: skip
    return review


@transaction.atomic
def cancel_review(review_id: int, *, reason: str, by: Officer) -> Review:
    """Set the review aside; another one of its scope and year can then be proposed.

    By a proposing or committing role; a committed one by a committing role. Raises NotAllowed;
    Refused when it is cancelled already or one of its proposals has been accepted.
    """
    review = Review.everywhere.select_for_update().get(pk=review_id)
    committed = review.state == ReviewState.COMMITTED
    require(by, *(COMMITTERS if committed else PROPOSERS + COMMITTERS), code=review.root_id)
    if review.state == ReviewState.CANCELLED:
        raise Refused(_("This review has been cancelled already."), code="cancelled")
    if committed and accepted_of(review).exists():
        raise Refused(
            _("Proposals of this review have been accepted. It can no longer be cancelled."),
            code="accepted",
        )
    before, review.state = review.state, ReviewState.CANCELLED
    review.save(update_fields=["state"])
    record(by=by, action="cancel", subject=review, division=review.root_id,
           before={"state": before}, reason=reason)  # fmt: skip
    return review


def accepted_of(review: Review) -> QuerySet[Proposal]:
    """The accepted proposals of a review."""
    return Proposal.everywhere.filter(review=review, accepted_at__isnull=False)


def _lock_year(year: int) -> None:
    """Proposals of one year wait for each other, so that the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reviews.review'), %s)", [year])


def _refuse_overlap(code: str, year: int) -> None:
    first = Review.everywhere.overlapping(code, year).select_related("root", "proposed_by").first()
    if first:
        raise Overlaps(
            _("Review %(number)s of %(year)s for %(place)s, proposed by %(name)s, covers this"
              " already.")
            % {"number": first.pk, "year": year, "place": first.root.name,
               "name": first.proposed_by.name} + " " + _who_cancels(first),
            details={"review": first.pk},
        )  # fmt: skip


def _who_cancels(review: Review) -> str:
    """Who can set aside the review that stands in the way, if anybody still can."""
    if review.state != ReviewState.COMMITTED:
        return _(
            "Whoever proposes or commits reviews, with a posting that contains %(place)s, can"
            " cancel it."
        ) % {"place": review.root.name}
    if accepted_of(review).exists():
        return _("Proposals of it have been accepted, so nobody can cancel it any more.")
    return _(
        "It is committed: only a county or province approver whose posting contains %(place)s can"
        " cancel it."
    ) % {"place": review.root.name}


def _open(review: Review, by: Officer) -> Review:
    _refuse_without_surveys(review)
    review.standard_hash = review.standard.content_hash or review.standard.digest()
    review.facts_at = Now()
    review.save()
    review.refresh_from_db(fields=["facts_at"])
    plan_chunks(review)
    record(by=by, action="propose", subject=review, division=review.root_id,
           after={"year": review.year, "standard": review.standard_id,
                  "dry_run": review.dry_run})  # fmt: skip
    return review


def _refuse_without_surveys(review: Review) -> None:
    surveys = Survey.objects.filter(year=review.year, withdrawn_at=None)
    households = Household.everywhere.standing().within(review.root_id)
    if not surveys.filter(household__in=households).exists():
        raise NoSurveys(
            _("No household of %(place)s has been surveyed for %(year)s. Import the surveys first.")
            % {"place": review.root.name, "year": review.year}
        )


def plan_chunks(review: Review) -> list[ReviewChunk]:
    """Cut the scope into contiguous townships of about the policy's number of households."""
    low, high = code_range(review.root_id)
    most = parameter(CHUNK_HOUSEHOLDS, review.root_id, review.year)
    ranges = cut(_counts(low, high, most), low=low, high=high, most=most)
    return ReviewChunk.objects.bulk_create(
        ReviewChunk(review=review, seq=seq, low=one.low, high=one.high, households=one.households)
        for seq, one in enumerate(ranges, start=1)
    )


def _counts(low: str, high: str, most: int) -> list[tuple[str, int]]:
    """Standing households of each township, of each village where a township has too many."""
    found = []
    for township, households in _counted(low, high, TOWNSHIP_DIGITS):
        big = households > most
        found += (
            _counted(*code_range(township), VILLAGE_DIGITS) if big else [(township, households)]
        )
    return found


def _counted(low: str, high: str, digits: int) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(village_code, %(digits)s) AS place, count(*) FROM households_household"
            " WHERE withdrawn_at IS NULL AND village_code >= %(low)s AND village_code < %(high)s"
            " GROUP BY place ORDER BY place",
            {"digits": digits, "low": low, "high": high},
        )
        return cursor.fetchall()
