"""The list of proposals of a review, and the same as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from divisions.models import Division
from divisions.queries import path_to
from households.rights import drawn_count, listed_count
from officers.http import OfficerRequest
from reviews.acting_forms import filter_words
from reviews.actions.downloading import download_proposals
from reviews.forms import ProposalFilterForm
from reviews.models import Review
from reviews.queries.acting import waiting_of
from reviews.queries.proposals import Position, proposal_page
from reviews.rights import most_exported, own_part, why_not_accept
from reviews.views.acting import filter_query
from reviews.views.figures import form_of
from reviews.views.reviews import review_of
from trail.dates import business_date
from trail.sheets import FORMS, as_file


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
    why_not = why_not_accept(request.user, review)
    query = filter_query(filters.cleaned_data)
    page = proposal_page(
        request.user,
        review,
        wanted,
        after=position_named(request.GET.get("after", "")),
        before=position_named(request.GET.get("before", "")),
    )
    return {
        "review": review,
        "form": filters,
        "page": page,
        "listed": listed_count(request.user, page.count),
        "many": drawn_count(request.user, page.count),
        "wanted": wanted,
        "here": here,
        "above": [one for one in place[:-1] if len(one.pk) >= len(whole)],
        "why_not_accept": why_not,
        "waiting": None if why_not or filters.errors else waiting_of(request.user, review, wanted),
        "sends_back": wanted.kind is not None or wanted.lack or wanted.gap,
        "act_query": query,
        "file_forms": FORMS,
        "most_rows": most_exported(request.user),
        "previous_url": turn(query, "before", page.previous),
        "next_url": turn(query, "after", page.next),
    }


@require_safe
def download(request: OfficerRequest, review_id: int, form: str) -> HttpResponse:
    review, file_form = review_of(request, review_id), form_of(form)
    filters = ProposalFilterForm(request.GET, officer=request.user)
    filters.is_valid()
    sheet = download_proposals(
        review, filters.wanted(), filters=filter_words(filters), by=request.user
    )
    return as_file(sheet, file_form, f"review-{review.pk}-proposals")


def turn(query: str, side: str, position: Position | None) -> str:
    """The address of the next or previous page under the filter `query`, which may be empty."""
    if position is None:
        return ""
    own = urlencode({side: f"{position[0]}.{position[1]}"})
    return f"{query}&{own}" if query else f"?{own}"


def position_named(text: str) -> Position | None:
    """The place in the order that a page address names; anything else is the first page."""
    village, _dot, key = text.partition(".")
    if village.isascii() and village.isdecimal() and key.isascii() and key.isdecimal():
        return village, int(key[:18])
    return None
