"""One proposal with its reasons, and accepting it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from officers.http import OfficerRequest
from reviews.actions.accepting import accept_proposal, digest_of
from reviews.actions.undoing import why_not_undo
from reviews.forms import ProposalFilterForm
from reviews.models import Answer
from reviews.queries.acting import neighbours, waits
from reviews.queries.corrected import corrected_since
from reviews.queries.history import history_of, open_undo_of, said_to, undone_of
from reviews.queries.proposals import account_of, visible_proposals
from reviews.rights import why_not_accept
from reviews.views.acting import conflict, filter_query, onward, proposal_of
from trail.errors import NotAllowed, Refused


@require_safe
def page(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review, proposal = proposal_of(request, review_id, proposal_id)
    account = account_of(request.user, review, proposal)
    why_not = why_not_accept(request.user, review)
    filters = ProposalFilterForm(request.GET, officer=request.user)
    filters.is_valid()
    seen = ""
    if account.can_be_accepted and account.survey and not why_not:
        seen = digest_of(proposal, account.survey, review)
    standing = visible_proposals(request.user, review).filter(household=proposal.household_id)
    context = {
        "review": review,
        "proposal": proposal,
        "account": account,
        "seen": seen,
        "why_not_accept": why_not,
        "may_refuse": not why_not and waits(proposal, Answer.REFUSED),
        "may_send_back": not why_not and waits(proposal, Answer.SENT_BACK),
        "said": said_to(request.user, proposal),
        "why_not_undo": why_not_undo(proposal) if proposal.case else "",
        "open_undo": open_undo_of(request.user, proposal) if proposal.case else None,
        "undone": undone_of(request.user, proposal) if proposal.case else None,
        "standing": standing.filter(superseded_at=None).first() if proposal.superseded_at else None,
        "history": history_of(request.user, review, proposal),
        "corrected": corrected_since(request.user, review, proposal),
        "beside": neighbours(request.user, review, filters.wanted(), proposal),
        "filter_query": filter_query(request.GET),
    }
    return render(request, "reviews/proposal.html", context)


@require_POST
def accept(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review, proposal = proposal_of(request, review_id, proposal_id)
    try:
        case = accept_proposal(proposal.pk, seen=request.POST.get("seen", ""), by=request.user)
    except NotAllowed:
        raise
    except Refused as refusal:
        return conflict(request, review, proposal, refusal)
    messages.success(
        request,
        _("Accepted. Case %(case)s for household %(household)s is open.")
        % {"case": case.pk, "household": proposal.household.number},
    )
    return onward(request, review, proposal)
