"""The households of a review whose facts were corrected since it read them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from reviews.queries.corrected import corrected_proposals, corrected_rows, rests_of
from reviews.views.reviews import review_of

PAGE_ROWS = 50


@require_safe
def index(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    found = corrected_proposals(request.user, review).select_related("household", "village")
    ordered = found.order_by("village_id", "household_id")
    page = Paginator(ordered, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "review": review,
        "rests": rests_of(request.user, review),
        "page": page,
        "rows": corrected_rows(request.user, review, page.object_list),
    }
    return render(request, "reviews/corrected_list.html", context)
