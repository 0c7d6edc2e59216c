"""The list of reviews, one review, and the three acts on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officers.http import OfficerRequest
from reviews import tasks
from reviews.actions.proposing import (
    cancel_review,
    commit_review,
    propose_dry_run,
    propose_review,
)
from reviews.forms import CancelForm, ProposeForm
from reviews.models import Review
from reviews.queries.comparing import nearest
from reviews.queries.corrected import rests_of
from reviews.queries.overview import listed_reviews, overview_of, visible_reviews
from reviews.queries.steps import cancellation_of, counting_review, next_step
from reviews.rights import may_cancel, may_propose, may_steer, require_reader, why_not_commit
from reviews.running_forms import ReviewFilterForm
from trail.errors import NotAllowed, Refused

PAGE_ROWS = 50


def review_of(request: OfficerRequest, review_id: int) -> Review:
    """The review of the address, within or containing the officer's posting, else 404."""
    review = get_object_or_404(visible_reviews(request.user), pk=review_id)
    require_reader(request.user)
    return review


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    require_reader(request.user)
    years = visible_reviews(request.user).order_by("-year").values_list("year", flat=True)
    form = ReviewFilterForm(request.GET, years=years.distinct())
    form.is_valid()
    found = form.narrowed(listed_reviews(request.user))
    context = {
        "form": form,
        "page": Paginator(found, PAGE_ROWS).get_page(request.GET.get("page")),
        "may_propose": may_propose(request.user),
    }
    return render(request, "reviews/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: OfficerRequest) -> HttpResponse:
    require_reader(request.user)
    if not may_propose(request.user):
        raise NotAllowed(
            _("The county clerk or the province officer proposes a review."), code="wrong_role"
        )
    form = ProposeForm(
        request.POST or None,
        officer=request.user,
        initial={"division": request.user.acting_division},
    )
    if form.is_valid() and (review := _proposed(request, form)):
        tasks.nudge(review.pk)
        messages.success(request, _("The review has begun. It goes on when you leave this page."))
        return redirect("reviews:review", review.pk)
    return render(
        request, "reviews/propose.html", {"form": form}, status=400 if form.errors else 200
    )


def _proposed(request: OfficerRequest, form: ProposeForm) -> Review | None:
    """The new review, or None with the refusal on the form."""
    known = form.cleaned_data
    terms: dict[str, Any] = {"root": known["division"], "year": known["year"], "by": request.user}
    try:
        if known["dry_run"]:
            return propose_dry_run(**terms, standard=known["standard"])
        return propose_review(**terms)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


@require_safe
def page(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    context = {
        "overview": overview_of(request.user, review),
        "review": review,
        "next_step": next_step(request.user, review),
        "why_not_commit": why_not_commit(request.user, review),
        "may_steer": may_steer(request.user, review),
        "may_cancel": may_cancel(request.user, review),
        "rests": rests_of(request.user, review),
        "nearest": nearest(request.user, review),
        "counting": counting_review(request.user, review),
        "cancellation": cancellation_of(review),
    }
    return render(request, "reviews/review.html", context)


@require_safe
def progress(request: OfficerRequest, review_id: int) -> HttpResponse:
    """The progress alone, for htmx; at its end and at a pause the whole page is asked for."""
    review = review_of(request, review_id)
    overview = overview_of(request.user, review)
    response = render(request, "reviews/progress.html", {"overview": overview, "review": review})
    if overview.progress is None or review.paused_at:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def commit(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = commit_review(review_of(request, review_id).pk, by=request.user)
    messages.success(
        request, _("The review is committed. The county clerk can now accept its proposals.")
    )
    return redirect("reviews:review", review.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        cancel_review(review.pk, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The review is cancelled. Another one can be proposed."))
        return redirect("reviews:review", review.pk)
    context = {"form": form, "review": review}
    return render(request, "reviews/cancel.html", context, status=400 if form.errors else 200)
