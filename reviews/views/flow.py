"""How the register got from last year's to this year's: the page of a place, and the households."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from divisions.queries import path_to
from officers.http import OfficerRequest
from reviews.actions.taking import take_households, take_sheet
from reviews.flow import LINES
from reviews.models import Review
from reviews.queries.about import about_review
from reviews.queries.figure_counts import shown_figures
from reviews.queries.flow_pages import LINE_NAMES, flow_table, line_page
from reviews.queries.keys import EXPECTED
from reviews.queries.parts import counted_parts, parts_of
from reviews.queries.tables import flow_rows, line_rows
from reviews.queries.totals import totals_within
from reviews.rights import most_exported, own_part
from reviews.views.figures import form_of, place_of
from reviews.views.reviews import review_of
from trail.sheets import FORMS, Sheet, as_file

COUNTY_DIGITS = 6


@require_safe
def page(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    code = place_of(request, review)
    path, part = path_to(code), own_part(request.user, review)
    is_counted = is_small(code) or "count" in request.GET
    below = counted_parts(review, code)
    shown = shown_figures(request.user, totals_within(review, code), below)
    context = {
        "review": review,
        "place": path[-1],
        "above": [one for one in path[:-1] if len(one.pk) >= len(part)],
        "flow": flow_table(request.user, code, review.year) if is_counted else None,
        "lines_open": is_small(code),
        "last_year": review.year - 1,
        "expected": shown.text(EXPECTED) if review.finished_at else None,
        "parts": parts_of(shown, below),
        "forms": FORMS,
    }
    return render(request, "reviews/flow.html", context)


def is_small(code: str) -> bool:
    """Whether the place is a county or less, so that its households can be gone through at once."""
    return len(code) >= COUNTY_DIGITS


@require_safe
def table(request: OfficerRequest, review_id: int, form: str) -> HttpResponse:
    review, file_form = review_of(request, review_id), form_of(form)
    code = place_of(request, review)
    title, headings, rows = flow_rows(flow_table(request.user, code, review.year))
    sheet = Sheet(title, headings, rows, about_review(request.user, review, code, []))
    taken = take_sheet(
        review, sheet, division=code, wanted={"table": "flow", "division": code}, by=request.user
    )
    return as_file(taken, file_form, f"review-{review.pk}-flow-{code}")


@require_safe
def line(request: OfficerRequest, review_id: int, name: str) -> HttpResponse:
    review = review_of(request, review_id)
    context = _line_context(request, review, name)
    return render(request, "reviews/flow_line.html", context)


@require_safe
def line_file(request: OfficerRequest, review_id: int, name: str, form: str) -> HttpResponse:
    review, file_form = review_of(request, review_id), form_of(form)
    context = _line_context(request, review, name)
    code, found = context["place"].pk, context["page"]
    title, headings, rows = line_rows(str(LINE_NAMES[name]), found)
    filters = [(_("Line of the flow"), title), (_("Page"), str(found.page))]
    sheet = Sheet(title, headings, rows, about_review(request.user, review, code, filters))
    wanted = {"table": "flow", "line": name, "division": code, "page": str(found.page)}
    taken = take_households(review, sheet, division=code, wanted=wanted, by=request.user)
    return as_file(taken, file_form, f"review-{review.pk}-flow-{name}-{code}")


def _line_context(request: OfficerRequest, review: Review, name: str) -> dict[str, Any]:
    code = place_of(request, review)
    if name not in LINES or not is_small(code):
        raise Http404
    path = path_to(code)
    number = request.GET.get("page", "")
    page = int(number[:6]) if number.isascii() and number.isdecimal() else 1
    return {
        "review": review,
        "place": path[-1],
        "name": LINE_NAMES[name],
        "line": name,
        "most_rows": most_exported(request.user),
        "page": line_page(request.user, code, review.year, name, page),
        "forms": FORMS,
    }
