"""Acts on all proposals of a filter: confirmed once, then followed to their end."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from officers.http import OfficerRequest
from reviews.acting_forms import AnswerForm, filter_words
from reviews.actions.answering import MOST_ANSWERED, answer_proposals
from reviews.actions.batches import confirm_batch, download_batch
from reviews.actions.taking import take_households
from reviews.forms import ProposalFilterForm
from reviews.models import Answer, BatchAcceptance, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, answerable, confirmation_of
from reviews.queries.batches import advance_of, batches_of, left_out_rows, shown_rows
from reviews.queries.shown_rows import left_out_sheet
from reviews.rights import most_exported, why_not_accept
from reviews.tasks import nudge_batch
from reviews.views.acting import answer_of, filter_query
from reviews.views.figures import form_of
from reviews.views.reviews import review_of
from trail.errors import NotAllowed, Refused
from trail.sheets import FORMS, as_file
from workflow.errors import Incomplete

PAGE_ROWS = 50


def _filters(request: OfficerRequest) -> ProposalFilterForm:
    """The filter of the address. Raises Refused for a faulty one, which would act on more."""
    filters = ProposalFilterForm(request.GET, officer=request.user)
    if not filters.is_valid():
        raise Refused(_("The filter is not valid. Choose it anew in the list of proposals."))
    return filters


def _list_url(request: OfficerRequest, review: Review) -> str:
    return reverse("reviews:proposals", args=[review.pk]) + filter_query(request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: OfficerRequest, review_id: int) -> HttpResponse:
    review, refusal = review_of(request, review_id), None
    filters = _filters(request)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            batch = confirm_batch(review.pk, filters.wanted(), seen=seen, by=request.user)
        except NotAllowed:
            raise
        except Refused as found:
            refusal = found
        else:
            nudge_batch(batch.pk)
            messages.success(
                request, _("The batch has begun. It goes on when you leave this page.")
            )
            return redirect("reviews:batch", review.pk, batch.pk)
    context = _confirmation(request, review, filters, CAN_BE_ACCEPTED, refusal)
    return render(
        request, "reviews/confirm_accept.html", context, status=refusal.status if refusal else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: OfficerRequest, review_id: int, answer: str) -> HttpResponse:
    review, chosen, refusal = review_of(request, review_id), answer_of(answer), None
    filters = _filters(request)
    form = AnswerForm(request.POST or None, answer=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            count = answer_proposals(
                review.pk,
                filters.wanted(),
                answer=chosen,
                seen=request.POST.get("seen", ""),
                by=request.user,
                **form.cleaned_data,
            )
        except Incomplete as found:
            form.take_faults(found.details["fields"])
        except NotAllowed:
            raise
        except Refused as found:
            refusal = found
        else:
            messages.success(request, _answered(chosen, count))
            return redirect(_list_url(request, review))
    context = _confirmation(request, review, filters, answerable(chosen), refusal) | {
        "form": form,
        "answer": chosen,
        "most": MOST_ANSWERED,
    }
    status = refusal.status if refusal else 400 if form.errors else 200
    return render(request, "reviews/confirm_answer.html", context, status=status)


def _answered(answer: Answer, count: int) -> str:
    if answer == Answer.REFUSED:
        said = ngettext("%(count)s proposal refused.", "%(count)s proposals refused.", count)
    else:
        said = ngettext(
            "%(count)s proposal sent back for data.",
            "%(count)s proposals sent back for data.",
            count,
        )
    return said % {"count": f"{count:,}"}


def _confirmation(
    request: OfficerRequest,
    review: Review,
    filters: ProposalFilterForm,
    which: Any,
    refusal: Refused | None,
) -> dict[str, Any]:
    """What a page of confirmation shows; whoever cannot act is told why, and counts nothing."""
    why_not = why_not_accept(request.user, review)
    return {
        "review": review,
        "refusal": refusal,
        "saw": request.POST.get("count", ""),
        "filter": filter_words(filters),
        "why_not": why_not,
        "confirmation": None
        if why_not
        else confirmation_of(request.user, review, filters.wanted(), which),
        "back": _list_url(request, review),
    }


@require_safe
def index(request: OfficerRequest, review_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    page = Paginator(batches_of(request.user, review), PAGE_ROWS).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "review": review,
        "page": page,
        "rows": [advance_of(batch, now) for batch in page],
        "why_not": why_not_accept(request.user, review),
    }
    return render(request, "reviews/batches.html", context)


def _batch_of(request: OfficerRequest, review_id: int, key: int) -> BatchAcceptance:
    """The batch of the address within the officer's posting, else 404."""
    review = review_of(request, review_id)
    return get_object_or_404(batches_of(request.user, review), pk=key)


@require_safe
def page(request: OfficerRequest, review_id: int, batch_id: int) -> HttpResponse:
    batch = _batch_of(request, review_id, batch_id)
    rows = Paginator(left_out_rows(batch), PAGE_ROWS).get_page(request.GET.get("page"))
    filters = ProposalFilterForm(batch.wanted, officer=request.user)
    filters.is_valid()
    context = {
        "review": batch.review,
        "advance": advance_of(batch, timezone.now()),
        "page": rows,
        "rows": shown_rows(list(rows)),
        "filter": filter_words(filters),
        "filter_query": filter_query(batch.wanted),
        "why_not": why_not_accept(request.user, batch.review),
        "most_rows": most_exported(request.user),
        "forms": FORMS,
    }
    return render(request, "reviews/batch.html", context)


@require_safe
def progress(request: OfficerRequest, review_id: int, batch_id: int) -> HttpResponse:
    """The progress alone, for htmx; a batch at its end asks the browser for the whole page."""
    batch = _batch_of(request, review_id, batch_id)
    advance = advance_of(batch, timezone.now())
    context = {"review": batch.review, "advance": advance}
    response = render(request, "reviews/batch_progress.html", context)
    if not advance.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def left_out(request: OfficerRequest, review_id: int, batch_id: int, form: str) -> HttpResponse:
    batch, file_form = _batch_of(request, review_id, batch_id), form_of(form)
    sheet, place = left_out_sheet(request.user, batch), batch.division_id
    wanted = {"table": "left_out", "batch": str(batch.pk)}
    taken = take_households(batch.review, sheet, division=place, wanted=wanted, by=request.user)
    return as_file(taken, file_form, f"batch-{batch.pk}-left-out")


@require_safe
def rows(request: OfficerRequest, review_id: int, batch_id: int) -> HttpResponse:
    batch = _batch_of(request, review_id, batch_id)
    lines = download_batch(batch, by=request.user)
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.pk}.csv"'
    return response
