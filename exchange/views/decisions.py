"""Decisions that other systems reported: the county's list, and taking one in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exchange.actions.decisions import take_in
from exchange.procedure import FOREIGN
from exchange.queries.decisions import reported
from exchange.rights import DECISION_READERS
from officers.http import OfficerRequest
from officers.rights import require

PER_PAGE = 50


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    require(request.user, *DECISION_READERS)
    page = Paginator(reported(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, _(FOREIGN.states[one.case.state]) if one.case else "") for one in page]
    context = {"page": page, "rows": rows, "takes_in": request.user.acting_role in FOREIGN.openers}
    return render(request, "exchange/decisions.html", context)


@require_POST
def open_case(request: OfficerRequest, decision: str) -> HttpResponse:
    found = get_object_or_404(reported(request.user), uuid=decision)
    case = take_in(found, by=request.user)
    messages.success(
        request, _("The decision is taken in. The county approver records or disputes it.")
    )
    return redirect("pages:case", case.pk)
