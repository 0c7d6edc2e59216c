"""Steering a review under way, and what needs attention in it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from officers.http import OfficerRequest
from reviews import tasks
from reviews.actions.pausing import pause_review, resume_review
from reviews.actions.retrying import ask_to_try_again
from reviews.models import DONE, UNFINISHED
from reviews.queries.attention import attention_of
from reviews.queries.progress import (
    PAGE_PARTS,
    described,
    progress_of,
    without_proposal,
    work_parts,
)
from reviews.rights import may_try_again, own_part
from reviews.views.reviews import review_of


@require_POST
def pause(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = pause_review(review_of(request, review_id).pk, by=request.user)
    messages.success(
        request, _("The review is paused. Workers finish the parts that they are at, then stop.")
    )
    return redirect("reviews:review", review.pk)


@require_POST
def resume(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = resume_review(review_of(request, review_id).pk, by=request.user)
    tasks.nudge(review.pk)
    messages.success(request, _("The review goes on."))
    return redirect("reviews:review", review.pk)


@require_safe
def parts(request: OfficerRequest, review_id: int) -> HttpResponse:
    """Every part of the work that lies in the officer's own part of the review."""
    review = review_of(request, review_id)
    chunks = work_parts(review, own_part(request.user, review))
    page = Paginator(chunks, PAGE_PARTS).get_page(request.GET.get("page"))
    context = {
        "review": review,
        "page": page,
        "parts": described(page.object_list),
        "progress": progress_of(review),
        "without_proposal": without_proposal(request.user, review),
        "is_under_way": review.state in UNFINISHED,
    }
    return render(request, "reviews/parts.html", context)


@require_safe
def attention(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    context = {
        "review": review,
        "attention": attention_of(request.user, review, page=request.GET.get("page", "")),
        "may_try_again": may_try_again(request.user, review),
        "is_done": review.state in DONE,
    }
    return render(request, "reviews/attention.html", context)


@require_POST
def try_again(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    part = ask_to_try_again(review.pk, by=request.user)
    if review.state in UNFINISHED:
        tasks.nudge(review.pk)
        messages.success(request, _("The parts that failed are tried again now."))
    elif tasks.nudge_again(review.pk, part):
        messages.success(
            request,
            _("A worker decides these households anew. In a moment this page shows what is left."),
        )
    else:
        messages.error(request, _("No worker can be reached at the moment. Ask again later."))
    return redirect("reviews:attention", review.pk)
