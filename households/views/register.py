from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from divisions.models import Division
from divisions.queries import path_to
from divisions.scope import reaches
from households.forms import RegisterFilterForm, SearchForm
from households.models.households import STATE_NAMES
from households.queries import Place, Wanted, found_by, register_page
from households.rights import reads_households
from households.views.terms import keep_term, recall_term
from officers.http import OfficerRequest
from trail.dates import business_date
from trail.errors import NotAllowed

FILTERS = ("division", "state", "cause")


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: OfficerRequest) -> HttpResponse:
    if not reads_households(request.user):
        raise NotAllowed(_("Your role does not work with households."), code="wrong_role")
    search = SearchForm(request.POST if request.method == "POST" else None)
    if search.is_valid():
        return _found(request, search.cleaned_data["term"])
    context, status = _context(request, search), 400 if search.errors else 200
    return render(request, "households/register.html", context, status=status)


def _found(request: OfficerRequest, term: str) -> HttpResponse:
    """To the one household that the term finds, else to the result page of the term."""
    hits = found_by(request.user, Wanted(term=term), today=business_date())
    numbers = hits.values_list("number", flat=True)[:2]
    if len(numbers) == 1:
        return redirect("pages:household", number=numbers[0])
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    query = urlencode(kept | {"search": keep_term(request, term)})
    return redirect(f"{reverse('households:register')}?{query}")


def _context(request: OfficerRequest, search: SearchForm) -> dict[str, Any]:
    today = business_date()
    key = request.GET.get("search", "")
    term = recall_term(request, key) if key else ""
    filters = RegisterFilterForm(request.GET, officer=request.user)
    filters.is_valid()
    wanted = filters.wanted(term or "")
    place = path_to(wanted.division or request.user.acting_division)
    here = place[-1] if place else Division.objects.get(pk=request.user.acting_division)
    filters.offer(here, Division.objects.in_force(today).below(here.pk))
    page = register_page(
        request.user,
        wanted,
        today=today,
        after=_place(request.GET.get("after", "")),
        before=_place(request.GET.get("before", "")),
    )
    return {
        "form": search if search.errors else filters,
        "search": search,
        "filters": filters,
        "term": term,
        "term_forgotten": term is None,
        "here": here,
        "above": [one for one in place[:-1] if reaches(request.user, one.pk)],
        "page": page,
        "narrowed": wanted != Wanted(),
        "states": _state_chips(request, wanted),
        "filter_query": _query(request, {}),
        "previous_url": _turn(request, "before", page.previous),
        "next_url": _turn(request, "after", page.next),
    }


def _query(request: OfficerRequest, changed: dict[str, str]) -> str:
    """The address of the list with some parameters changed, and no page."""
    query = QueryDict(mutable=True)
    for name in (*FILTERS, "search"):
        value = changed.get(name, request.GET.get(name, ""))
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _state_chips(request: OfficerRequest, wanted: Wanted) -> list[dict[str, Any]]:
    every = {"label": _("All"), "url": _query(request, {"state": ""}), "on": wanted.state is None}
    return [
        every,
        *(
            {
                "label": name,
                "url": _query(request, {"state": str(state.value)}),
                "on": wanted.state == state,
            }
            for state, name in STATE_NAMES.items()
        ),
    ]


def _turn(request: OfficerRequest, side: str, place: Place | None) -> str:
    return f"{_query(request, {})}&{side}={place[0]}.{place[1]}" if place else ""


def _place(text: str) -> Place | None:
    """The place in the order that a page address names; anything else is the first page."""
    village, _dot, pk = text.partition(".")
    if village.isascii() and village.isdecimal() and pk.isascii() and pk.isdecimal():
        return village, int(pk[:18])
    return None
