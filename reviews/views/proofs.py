"""What changed since the first run of a review, and what proves the review."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from divisions.models import Division
from officers.http import OfficerRequest
from reviews import tasks
from reviews.actions.taking import take_households
from reviews.actions.verifying import ask_to_verify
from reviews.models import Review
from reviews.queries.changes import ChangePage, Sought, change_page
from reviews.queries.proofs import proof_of, recomputed_of
from reviews.queries.proposals import rows_of, visible_proposals
from reviews.queries.shown_rows import changes_sheet
from reviews.rights import most_exported, own_part, why_not_verify
from reviews.running_forms import ChangeFilterForm
from reviews.views.figures import form_of
from reviews.views.reviews import review_of
from trail.dates import business_date
from trail.sheets import FORMS, as_file


def _changes(
    request: OfficerRequest, review: Review
) -> tuple[ChangeFilterForm, Sought, ChangePage]:
    """The filter of the address, and the page of the changes that it names."""
    part = own_part(request.user, review)
    form = ChangeFilterForm(request.GET, part=part)
    form.is_valid()
    sought = form.sought()
    here = Division.objects.get(pk=sought.division or part)
    form.offer(here, Division.objects.in_force(business_date()).below(here.pk))
    number = request.GET.get("page", "")
    page = change_page(
        request.user,
        review,
        part,
        sought,
        page=int(number[:6]) if number.isascii() and number.isdecimal() else 1,
    )
    return form, sought, page


@require_safe
def changes(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    form, sought, page = _changes(request, review)
    context: dict[str, Any] = {
        "review": review,
        "forms": FORMS,
        "most_rows": most_exported(request.user),
        "form": form,
        "sought": sought,
        "changes": page,
        "previous_page": page.page - 1,
        "next_page": page.page + 1 if page.page < page.pages else 0,
    }
    return render(request, "reviews/changes.html", context)


@require_safe
def changes_file(request: OfficerRequest, review_id: int, form: str) -> HttpResponse:
    """The rows of the page that the address names, as a file."""
    review, file_form = review_of(request, review_id), form_of(form)
    filters, sought, page = _changes(request, review)
    place = sought.division or own_part(request.user, review)
    words = [*filters.in_words(), (_("Page"), str(page.page))]
    sheet = changes_sheet(request.user, review, place, page.rows, words)
    wanted = {"table": "changes", "division": place, "page": str(page.page)}
    wanted |= {name: str(value) for name, value in asdict(sought).items() if value}
    taken = take_households(review, sheet, division=place, wanted=wanted, by=request.user)
    return as_file(taken, file_form, f"review-{review.pk}-changes-{place}")


@require_safe
def proof(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    context = {
        "review": review,
        "proof": proof_of(request.user, review),
        "why_not_verify": why_not_verify(request.user, review),
    }
    return render(request, "reviews/proof.html", context)


@require_POST
def verify(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = ask_to_verify(review_of(request, review_id).pk, by=request.user)
    posting = request.user.posting
    if posting and tasks.nudge_verify(review.pk, request.user.pk, posting.pk):
        messages.success(
            request, _("A worker recomputes the review. In a moment this page shows the result.")
        )
    else:
        messages.error(request, _("No worker can be reached at the moment. Ask again later."))
    return redirect("reviews:proof", review.pk)


@require_safe
def recompute(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    """One proposal recomputed from what it rests on, figure by figure."""
    review = review_of(request, review_id)
    found = visible_proposals(request.user, review).select_related("survey")
    proposal = get_object_or_404(found, pk=proposal_id)
    [row] = rows_of(request.user, review, [proposal])
    context = {
        "review": review,
        "proposal": proposal,
        "row": row,
        "recomputed": recomputed_of(review, proposal),
    }
    return render(request, "reviews/recompute.html", context)
