"""The years that are frozen, and the act of freezing one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from households.actions.freezing import freeze_year, refuse_frozen
from households.rights import FREEZERS
from officers.http import OfficerRequest
from reviews.freeze_forms import FreezeChoiceForm, FreezeForm
from reviews.queries.freezing import (
    freezes,
    require_household_reader,
    unfrozen,
    unready,
    with_places,
)
from reviews.rights import reads_readiness
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

PAGE_ROWS = 50


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    require_household_reader(request.user)
    page = Paginator(freezes(request.user), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": with_places(page.object_list),
        "may_freeze": request.user.acting_role in FREEZERS,
        "reads_readiness": reads_readiness(request.user),
        "unfrozen": unfrozen(request.user, today=business_date()),
    }
    return render(request, "reviews/freezes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: OfficerRequest) -> HttpResponse:
    """Year and place stand in the address; without them the page asks for them first."""
    if request.user.acting_role not in FREEZERS:
        raise NotAllowed(
            _("A county or province approver freezes a year, within his posting."),
            code="wrong_role",
        )
    chosen = FreezeChoiceForm(
        request.GET or None,
        officer=request.user,
        initial={"division": request.user.acting_division},
    )
    if not chosen.is_valid():
        return _choose(request, chosen, status=400 if chosen.errors else 200)
    year, place = chosen.choice()
    try:
        refuse_frozen(place, year)
    except Refused as refusal:
        chosen.add_error(None, refusal.message)
        return _choose(request, chosen, status=refusal.status)
    told = unready(request.user, place, year)
    form = FreezeForm(request.POST or None, told=told)
    if not form.is_valid():
        status = 400 if form.errors else 200
        return _confirm(request, chosen, form, told, status=status)
    try:
        freeze_year(place, year=year, reason=form.cleaned_data["reason"], by=request.user)
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _confirm(request, chosen, form, told, status=refusal.status)
    messages.success(
        request,
        _("The year %(year)s is frozen for %(place)s.") % {"year": year, "place": place.name},
    )
    return redirect("freezes:list")


def _choose(request: OfficerRequest, form: FreezeChoiceForm, *, status: int) -> HttpResponse:
    return render(request, "reviews/freeze_choose.html", {"form": form}, status=status)


def _confirm(
    request: OfficerRequest,
    chosen: FreezeChoiceForm,
    form: FreezeForm,
    told: list[str],
    *,
    status: int,
) -> HttpResponse:
    year, place = chosen.choice()
    context = {"form": form, "told": told, "year": year, "place": place}
    return render(request, "reviews/freeze.html", context, status=status)
