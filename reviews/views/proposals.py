"""The proposals of a review, one proposal with its reasons, and accepting it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from divisions.models import Division
from divisions.queries import path_to
from officers.http import OfficerRequest
from reviews.actions.accepting import accept_proposal, digest_of
from reviews.actions.downloading import download_proposals
from reviews.forms import ProposalFilterForm
from reviews.models import Review
from reviews.queries.proposals import (
    Position,
    account_of,
    proposal_page,
    visible_proposals,
)
from reviews.rights import own_part, why_not_accept
from reviews.tasks import nudge_refresh
from reviews.views.reviews import review_of
from trail.dates import business_date
from trail.errors import Stale

FILTERS = ("division", "kind", "lack", "gap")


@require_safe
def index(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    return render(request, "reviews/proposals.html", _list_context(request, review))


def _list_context(request: OfficerRequest, review: Review) -> dict[str, Any]:
    filters = ProposalFilterForm(request.GET, officer=request.user)
    filters.is_valid()
    wanted, whole = filters.wanted(), own_part(request.user, review)
    place = path_to(wanted.division or whole)
    here = place[-1] if place else Division.objects.get(pk=whole)
    filters.offer(here, Division.objects.in_force(business_date()).below(here.pk), whole)
    page = proposal_page(
        request.user,
        review,
        wanted,
        after=_position(request.GET.get("after", "")),
        before=_position(request.GET.get("before", "")),
    )
    return {
        "review": review,
        "form": filters,
        "page": page,
        "filter_query": f"?{_filter_query(request).urlencode()}",
        "here": here,
        "above": [one for one in place[:-1] if len(one.pk) >= len(whole)],
        "why_not_accept": why_not_accept(request.user, review),
        "previous_url": _turn(request, "before", page.previous),
        "next_url": _turn(request, "after", page.next),
    }


@require_safe
def download(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    filters = ProposalFilterForm(request.GET, officer=request.user)
    filters.is_valid()
    lines = download_proposals(review, filters.wanted(), by=request.user)
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="review-{review.pk}.csv"'
    return response


def _turn(request: HttpRequest, side: str, position: Position | None) -> str:
    """The address of the next or previous page under the same filter."""
    if position is None:
        return ""
    query = _filter_query(request)
    query[side] = f"{position[0]}.{position[1]}"
    return f"?{query.urlencode()}"


def _filter_query(request: HttpRequest) -> QueryDict:
    query = QueryDict(mutable=True)
    for name in FILTERS:
        if value := request.GET.get(name):
            query[name] = value
    return query


def _position(text: str) -> Position | None:
    """The place in the order that a page address names; anything else is the first page."""
    village, _dot, key = text.partition(".")
    if village.isascii() and village.isdecimal() and key.isascii() and key.isdecimal():
        return village, int(key[:18])
    return None


@require_safe
def page(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    proposal = get_object_or_404(visible_proposals(request.user, review), pk=proposal_id)
    account = account_of(request.user, review, proposal)
    why_not = why_not_accept(request.user, review)
    seen = ""
    if account.can_be_accepted and account.survey and not why_not:
        seen = digest_of(proposal, account.survey, review)
    context = {
        "review": review,
        "proposal": proposal,
        "account": account,
        "seen": seen,
        "why_not_accept": why_not,
    }
    return render(request, "reviews/proposal.html", context)


@require_POST
def accept(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    proposal = get_object_or_404(visible_proposals(request.user, review), pk=proposal_id)
    try:
        case = accept_proposal(proposal.pk, seen=request.POST.get("seen", ""), by=request.user)
    except Stale:
        nudge_refresh(review.pk)
        raise
    messages.success(
        request,
        _("Accepted. Case %(case)s for household %(household)s is open.")
        % {"case": case.pk, "household": proposal.household.number},
    )
    return redirect(reverse("reviews:proposal", args=[review.pk, proposal.pk]))
