"""The list of proposals of a review, and the same as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from divisions.models import Division
from divisions.queries import path_to
from officers.http import OfficerRequest
from reviews.actions.downloading import download_proposals
from reviews.forms import ProposalFilterForm
from reviews.models import Review
from reviews.queries.proposals import Position, proposal_page
from reviews.rights import own_part, why_not_accept
from reviews.views.reviews import review_of
from trail.dates import business_date

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
