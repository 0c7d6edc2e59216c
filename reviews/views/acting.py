"""What an officer says to one proposal, and the page that says why it is not possible."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from officers.http import OfficerRequest
from reviews.acting_forms import AnswerForm, UndoForm
from reviews.actions.answering import answer_proposal, not_waiting, take_back_answer
from reviews.actions.undoing import open_undo, why_not_undo
from reviews.forms import ProposalFilterForm
from reviews.models import Answer, Proposal, Review
from reviews.queries.acting import neighbours, waits
from reviews.queries.proposals import account_of, visible_proposals
from reviews.rights import why_not_accept
from reviews.tasks import nudge_refresh
from reviews.views.reviews import review_of
from trail.errors import NotAllowed, Refused, Stale
from workflow.errors import Incomplete

ANSWERS = {"refuse": Answer.REFUSED, "send-back": Answer.SENT_BACK}
DECIDE = "#decide"


def proposal_of(request: OfficerRequest, review_id: int, key: int) -> tuple[Review, Proposal]:
    """The review and the proposal of the address within the officer's posting, else 404."""
    review = review_of(request, review_id)
    return review, get_object_or_404(visible_proposals(request.user, review), pk=key)


def answer_of(name: str) -> Answer:
    """The answer that an address names, else 404."""
    if name not in ANSWERS:
        raise Http404
    return ANSWERS[name]


def filter_query(given: Mapping[str, Any]) -> str:
    """The filter of the list as the end of an address, with its question mark; may be empty."""
    query = {name: given.get(name) for name in ProposalFilterForm.base_fields}
    narrowing = {name: value for name, value in query.items() if value not in (None, "")}
    return f"?{urlencode(narrowing)}" if narrowing else ""


def address_of(request: OfficerRequest, review: Review, proposal: int) -> str:
    """The page of a proposal, keeping the filter that the officer works through."""
    return reverse("reviews:proposal", args=[review.pk, proposal]) + filter_query(request.GET)


def onward(request: OfficerRequest, review: Review, proposal: Proposal) -> HttpResponse:
    """After an act: the next waiting proposal when that was asked for, else the same one again."""
    if "next" not in request.POST:
        return redirect(address_of(request, review, proposal.pk))
    filters = ProposalFilterForm(request.GET, officer=request.user)
    filters.is_valid()
    beside = neighbours(request.user, review, filters.wanted(), proposal)
    if following := beside.next or beside.first:
        return redirect(address_of(request, review, following) + DECIDE)
    messages.info(request, _("No proposal of this filter waits any more."))
    return redirect(reverse("reviews:proposals", args=[review.pk]) + filter_query(request.GET))


def conflict(
    request: OfficerRequest,
    review: Review,
    proposal: Proposal,
    refusal: Refused,
    typed: Sequence[tuple[Any, Any]] = (),
) -> HttpResponse:
    """Why nothing was saved, what differs, what was entered, and where to go on.

    Facts that changed have the review renewed, so that the new proposal comes soon; merely looking
    at a page sets nothing going.
    """
    if request.method == "POST" and isinstance(refusal, Stale):
        nudge_refresh(review.pk)
    household = visible_proposals(request.user, review).filter(household=proposal.household_id)
    context = {
        "review": review,
        "proposal": proposal,
        "refusal": refusal,
        "typed": typed,
        "standing": household.filter(superseded_at=None).exclude(pk=proposal.pk).first(),
        "open_case": next(iter(refusal.details.get("cases", {}).values()), None),
        "filter_query": filter_query(request.GET),
    }
    return render(request, "reviews/conflict.html", context, status=refusal.status)


def refuse_others(request: OfficerRequest, review: Review) -> None:
    """NotAllowed, with the reason, for whoever cannot act on the proposals of this review now."""
    if why_not := why_not_accept(request.user, review):
        raise NotAllowed(why_not)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: OfficerRequest, review_id: int, proposal_id: int, answer: str) -> HttpResponse:
    review, proposal = proposal_of(request, review_id, proposal_id)
    chosen = answer_of(answer)
    form = AnswerForm(request.POST or None, answer=chosen)
    if request.method == "POST":
        try:
            if form.is_valid():
                answer_proposal(proposal.pk, answer=chosen, by=request.user, **form.cleaned_data)
                messages.success(request, _answered(chosen, proposal))
                return onward(request, review, proposal)
        except Incomplete as refusal:
            form.take_faults(refusal.details["fields"])
        except NotAllowed:
            raise
        except Refused as refusal:
            return conflict(request, review, proposal, refusal, form.typed())
    else:
        refuse_others(request, review)
        if not waits(proposal, chosen):
            return conflict(request, review, proposal, not_waiting(proposal))
    context = {"form": form, "answer": chosen, "name": answer} | _frame(request, review, proposal)
    return render(request, "reviews/answer.html", context, status=400 if form.errors else 200)


def _frame(request: OfficerRequest, review: Review, proposal: Proposal) -> dict[str, Any]:
    return {
        "review": review,
        "proposal": proposal,
        "account": account_of(request.user, review, proposal),
        "filter_query": filter_query(request.GET),
        "back": address_of(request, review, proposal.pk),
    }


def _answered(answer: Answer, proposal: Proposal) -> str:
    said = {
        Answer.REFUSED: _("Refused: household %(household)s."),
        Answer.SENT_BACK: _("Sent back for data: household %(household)s."),
    }
    return said[answer] % {"household": proposal.household.number}


@require_POST
def take_back(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review, proposal = proposal_of(request, review_id, proposal_id)
    try:
        fresh = take_back_answer(proposal.pk, by=request.user)
    except NotAllowed:
        raise
    except Refused as refusal:
        return conflict(request, review, proposal, refusal)
    messages.success(request, _("The answer is taken back. The proposal waits for you again."))
    return redirect(address_of(request, review, fresh) + DECIDE)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review, proposal = proposal_of(request, review_id, proposal_id)
    form = UndoForm(request.POST or None)
    if request.method == "POST":
        try:
            if form.is_valid():
                case = open_undo(proposal.pk, by=request.user, **form.cleaned_data)
                messages.success(request, _("The undo is asked for. An approver decides on it."))
                return redirect("pages:case", case.pk)
        except Incomplete as refusal:
            form.take_faults(refusal.details["fields"])
        except NotAllowed:
            raise
        except Refused as refusal:
            return conflict(request, review, proposal, refusal, form.typed())
    else:
        refuse_others(request, review)
        if why_not := why_not_undo(proposal):
            return conflict(request, review, proposal, Refused(why_not))
    context = {"form": form} | _frame(request, review, proposal)
    return render(request, "reviews/undo.html", context, status=400 if form.errors else 200)
