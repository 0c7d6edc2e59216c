"""Who serves where: the roster of a place on a day."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from divisions.models import Division, Level
from divisions.scope import NATION
from households.views.terms import keep_term, recall_term
from officers.http import OfficerRequest
from teams.forms.roster import NameForm, RosterForm
from teams.queries.roster import LACK_LABELS, Page, Wanted, roster_page
from teams.rights import READERS
from teams.views.asked import above, place_of
from trail.dates import business_date

KEPT = ("division", "on", "lack", "unit", "name")


def readable_place(request: OfficerRequest) -> Division:
    """The place of the address, the posting's own without one; 404 outside, for readers alone."""
    refusal = _("Your role does not read the roster of teams.")
    return place_of(request, request.GET.get("division", ""), READERS, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """The roster; a name is sought by POST and stays in the session."""
    place = readable_place(request)
    search = NameForm(request.POST if request.method == "POST" else None)
    if search.is_valid():
        kept = keep_term(request, search.cleaned_data["name"])
        return redirect(f"{reverse('teams:roster')}{address(request, name=str(kept))}")
    filters = RosterForm(request.GET, today=business_date())
    faulty = not filters.is_valid() or bool(search.errors)
    context = _context(request, place, filters) | {
        "search": search,
        "form": search if search.errors else filters,
    }
    return render(request, "teams/roster/list.html", context, status=400 if faulty else 200)


def _context(request: OfficerRequest, place: Division, filters: RosterForm) -> dict[str, Any]:
    key = request.GET.get("name", "")
    name = recall_term(request, key) if key else ""
    today, on = business_date(), filters.day()
    wanted = Wanted(place.pk, on, filters.lacking(), name or "", filters.of_unit())
    context = {
        "filters": filters,
        "place": place,
        "above": above(request, place),
        "below": _below(place, filters),
        "on": on,
        "is_today": on == today,
        "name": name,
        "name_forgotten": name is None,
        "narrowed": bool(wanted.lack or wanted.name or wanted.unit),
        "kept": address(request),
        "unnamed": address(request, name=""),
    }
    if place.pk == NATION:
        return context
    edges = {side: _village(request.GET.get(side, "")) for side in ("after", "before")}
    page = roster_page(wanted, today=today, **edges)
    return context | {
        "page": page,
        "lacks": _chips(request, wanted, page),
        "previous_url": address(request, before=page.previous) if page.previous else "",
        "next_url": address(request, after=page.following) if page.following else "",
    }


def _below(place: Division, filters: RosterForm) -> list[Division]:
    """The places to go down to: villages stand in the list itself."""
    if place.level >= Level.TOWNSHIP:
        return []
    return list(Division.objects.in_force(filters.day()).below(place.pk))


def _chips(request: OfficerRequest, wanted: Wanted, page: Page) -> list[dict[str, Any]]:
    """The lacks to choose from, each with its count."""
    return [
        {
            "label": label,
            "count": page.counts[key],
            "url": address(request, lack="" if wanted.lack == key else str(key)),
            "on": wanted.lack == key,
        }
        for key, label in LACK_LABELS.items()
    ]


def address(request: OfficerRequest, **changed: str) -> str:
    """The query of the list with some values changed; the page is forgotten unless named."""
    kept = {name: request.GET.get(name, "") for name in KEPT} | changed
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def _village(text: str) -> str:
    """The village at the edge of a page; anything else is the first page."""
    return text if text.isascii() and text.isdecimal() and len(text) <= 12 else ""
