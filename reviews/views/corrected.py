"""The households of a review whose facts were corrected since it read them."""

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from reviews.actions.taking import take_households
from reviews.models import Review
from reviews.queries.corrected import corrected_proposals, corrected_rows, rests_of
from reviews.queries.shown_rows import corrected_sheet
from reviews.rights import most_exported, own_part
from reviews.views.figures import form_of
from reviews.views.reviews import review_of
from trail.sheets import FORMS, as_file

PAGE_ROWS = 50


def _page(request: OfficerRequest, review: Review) -> Page:
    """The page of the households that the address names, in the order of their villages."""
    found = corrected_proposals(request.user, review).select_related("household", "village")
    ordered = found.order_by("village_id", "household_id")
    return Paginator(ordered, PAGE_ROWS).get_page(request.GET.get("page"))


@require_safe
def index(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    page = _page(request, review)
    context = {
        "review": review,
        "rests": rests_of(request.user, review),
        "page": page,
        "rows": corrected_rows(request.user, review, page.object_list),
        "forms": FORMS,
        "most_rows": most_exported(request.user),
    }
    return render(request, "reviews/corrected_list.html", context)


@require_safe
def table(request: OfficerRequest, review_id: int, form: str) -> HttpResponse:
    """The rows of the page that the address names, as a file."""
    review, file_form = review_of(request, review_id), form_of(form)
    page, part = _page(request, review), own_part(request.user, review)
    rows = corrected_rows(request.user, review, page.object_list)
    number = str(page.number)
    sheet = corrected_sheet(request.user, review, part, rows, [(_("Page"), number)])
    wanted = {"table": "corrected", "division": part, "page": number}
    taken = take_households(review, sheet, division=part, wanted=wanted, by=request.user)
    return as_file(taken, file_form, f"review-{review.pk}-corrected-{part}")
