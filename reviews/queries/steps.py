"""What comes next in a review, and for whom it waits."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from divisions.scope import NATION
from households.rights import FEWEST_COUNTED, is_hidden_count, shown_count
from households.rules import ACCEPTABLE
from officers.models import Officer, Posting
from officers.rules import Role
from reviews.models import UNFINISHED, Proposal, Review, ReviewState
from reviews.models.reviews import above
from reviews.rights import COMMITTERS, may_steer, why_not_commit
from trail.dates import business_date
from trail.models import Change

MOST_NAMED = 3


def next_step(officer: Officer, review: Review) -> str:
    """The sentence that says to this officer what comes next, and who has to do it."""
    if review.state == ReviewState.CANCELLED:
        return _("It was cancelled. Another review of this place and year can be proposed.")
    if review.state in UNFINISHED:
        return _under_way(officer, review)
    if review.dry_run:
        return _dry_run(officer, review)
    if review.state == ReviewState.FINISHED:
        return _finished(officer, review)
    return _committed(officer, review)


def _under_way(officer: Officer, review: Review) -> str:
    if review.paused_at is None:
        return _("It runs by itself. Nothing is to be done until it has finished.")
    if may_steer(officer, review):
        return _("It is paused. You can let it go on.")
    return _("It is paused. Whoever proposes or commits reviews of %(place)s can let it go on.") % {
        "place": review.root.name
    }


def _dry_run(officer: Officer, review: Review) -> str:
    if counting := counting_review(officer, review):
        return _(
            "A dry run ends here. Review number %(number)s of %(place)s counts for this place and"
            " year."
        ) % {"number": counting.pk, "place": counting.root.name}
    return _("A dry run ends here. Read what it shows, then propose the review that counts.")


def counting_review(officer: Officer, review: Review) -> Review | None:
    """The binding review that shares a village and the year with a dry run, the widest first."""
    if not review.dry_run:
        return None
    found = Review.objects.visible_to(officer).overlapping(review.root_id, review.year)
    return found.select_related("root").order_by("root_id").first()


def cancellation_of(review: Review) -> Change | None:
    """Who set the review aside, when and why, from the trace; None for one that stands."""
    if review.state != ReviewState.CANCELLED:
        return None
    kind = Review._meta.label_lower
    acts = Change.objects.filter(subject_kind=kind, subject_id=str(review.pk), action="cancel")
    return acts.order_by("pk").last()


def _finished(officer: Officer, review: Review) -> str:
    if not why_not_commit(officer, review):
        return _("It waits for you: read what it proposes, then commit it.")
    names = approvers_of(review)
    if not names:
        return _(
            "It waits for a county or province approver, but none is posted for %(place)s. Ask an"
            " account administrator."
        ) % {"place": review.root.name}
    return _("It waits for an approver to commit it: %(names)s.") % {"names": _(", ").join(names)}


def approvers_of(review: Review) -> list[str]:
    """Names of up to MOST_NAMED officers who can commit it, those posted nearest to it first."""
    places = [NATION, *above(review.root_id), review.root_id]
    held = (
        Posting.objects.in_force(business_date())
        .filter(role__in=COMMITTERS, division_id__in=places, officer__is_active=True)
        .exclude(officer_id=review.proposed_by_id)
        .select_related("officer")
        .order_by("-division_id", "pk")
    )
    return list(dict.fromkeys(posting.officer.name for posting in held))[:MOST_NAMED]


def _committed(officer: Officer, review: Review) -> str:
    waiting = Proposal.objects.visible_to(officer).waiting()
    number = waiting.filter(review=review, kind__in=ACCEPTABLE).count()
    if not number:
        return _("Everything that can be accepted has been decided.")
    if officer.acting_role == Role.COUNTY_CLERK:
        text = ngettext(
            "%(number)s proposal waits for you.", "%(number)s proposals wait for you.", number
        )
    else:
        hidden = is_hidden_count(officer, number)
        text = ngettext(
            "%(number)s proposal waits for the county clerk.",
            "%(number)s proposals wait for the county clerk.",
            FEWEST_COUNTED if hidden else number,
        )
    return text % {"number": shown_count(officer, number)}
