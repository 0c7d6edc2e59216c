"""A finished review in figures: the page of a place, and its tables as files."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from divisions.models import Division
from divisions.scope import contains
from officers.http import OfficerRequest
from reviews.actions.taking import take_sheet
from reviews.models import KIND_NAMES, Review
from reviews.queries.about import about_review
from reviews.queries.figures import figures_of
from reviews.queries.histogram import GROUPS
from reviews.queries.parts import SHOWN_KINDS
from reviews.queries.tables import TABLES
from reviews.rights import own_part
from reviews.views.reviews import review_of
from trail.sheets import FORMS, FileForm, Sheet, as_file


def place_of(request: OfficerRequest, review: Review) -> str:
    """The division of the address, else the officer's own part; 404 for one outside of it."""
    part = own_part(request.user, review)
    code = request.GET.get("division") or part
    if not contains(part, code) or not Division.objects.filter(pk=code).exists():
        raise Http404
    return code


def group_of(request: OfficerRequest) -> str:
    """The states that the histogram counts; all of them where the address says nothing sound."""
    group = request.GET.get("group", "")
    return group if group in GROUPS else ""


def form_of(form: str) -> FileForm:
    """The form of file that an address asks for, else 404."""
    for known in FORMS:
        if form == known:
            return known
    raise Http404


@require_safe
def page(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    if review.finished_at is None:
        return redirect("reviews:review", review.pk)
    figures = figures_of(request.user, review, place_of(request, review), group_of(request))
    context = {
        "review": review,
        "figures": figures,
        "part_kinds": [KIND_NAMES[kind] for kind in SHOWN_KINDS],
        "groups": GROUPS,
        "forms": FORMS,
    }
    return render(request, "reviews/figures.html", context)


@require_safe
def table(request: OfficerRequest, review_id: int, name: str, form: str) -> HttpResponse:
    review, file_form = review_of(request, review_id), form_of(form)
    if name not in TABLES:
        raise Http404
    if review.finished_at is None:
        return redirect("reviews:review", review.pk)
    code, group = place_of(request, review), group_of(request)
    title, headings, rows = TABLES[name](figures_of(request.user, review, code, group))
    filters = [(_("States"), str(GROUPS[group][0]))] if name == "distance" else []
    sheet = Sheet(title, headings, rows, about_review(request.user, review, code, filters))
    wanted = {"table": name, "division": code, "group": group}
    taken = take_sheet(review, sheet, division=code, wanted=wanted, by=request.user)
    return as_file(taken, file_form, f"review-{review.pk}-{name}-{code}")
