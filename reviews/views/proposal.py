"""One proposal with its reasons, and what an officer does with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from officers.http import OfficerRequest
from reviews.actions.accepting import accept_proposal, digest_of
from reviews.queries.proposals import account_of, visible_proposals
from reviews.rights import why_not_accept
from reviews.tasks import nudge_refresh
from reviews.views.reviews import review_of
from trail.errors import Stale


@require_safe
def page(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    proposal = get_object_or_404(visible_proposals(request.user, review), pk=proposal_id)
    account = account_of(request.user, review, proposal)
    why_not = why_not_accept(request.user, review)
    seen = ""
    if account.can_be_accepted and account.survey and not why_not:
        seen = digest_of(proposal, account.survey, review)
    context = {
        "review": review,
        "proposal": proposal,
        "account": account,
        "seen": seen,
        "why_not_accept": why_not,
    }
    return render(request, "reviews/proposal.html", context)


@require_POST
def accept(request: OfficerRequest, review_id: int, proposal_id: int) -> HttpResponse:
    review = review_of(request, review_id)
    proposal = get_object_or_404(visible_proposals(request.user, review), pk=proposal_id)
    try:
        case = accept_proposal(proposal.pk, seen=request.POST.get("seen", ""), by=request.user)
    except Stale:
        nudge_refresh(review.pk)
        raise
    messages.success(
        request,
        _("Accepted. Case %(case)s for household %(household)s is open.")
        % {"case": case.pk, "household": proposal.household.number},
    )
    return redirect(reverse("reviews:proposal", args=[review.pk, proposal.pk]))
