"""A finished review for one place as one long page made for print."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from reviews.models import KIND_NAMES
from reviews.queries.about import freeze_in_words
from reviews.queries.figures import figures_of
from reviews.queries.flow_pages import flow_table
from reviews.queries.keys import EXPECTED
from reviews.queries.parts import SHOWN_KINDS
from reviews.queries.shares import shares_of
from reviews.views.figures import place_of
from reviews.views.flow import is_small
from reviews.views.reviews import review_of


@require_safe
def page(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    if review.finished_at is None:
        return redirect("reviews:review", review.pk)
    code, officer = place_of(request, review), request.user
    figures = figures_of(officer, review, code)
    is_counted = is_small(code) or "count" in request.GET
    context = {
        "review": review,
        "figures": figures,
        "part_kinds": [KIND_NAMES[kind] for kind in SHOWN_KINDS],
        "shares": shares_of(figures.shown),
        "flow": flow_table(officer, code, review.year) if is_counted else None,
        "expected": figures.shown.text(EXPECTED),
        "last_year": review.year - 1,
        "freeze": freeze_in_words(code, review.year),
        "printed_at": timezone.now(),
    }
    return render(request, "reviews/figures_report.html", context)
