"""Where somebody is missing, and where somebody will be: six lists with their counts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from divisions.models import Division, Level
from divisions.scope import NATION
from officers.http import OfficerRequest
from teams.queries.gaps import GAP_LABELS, OF_VILLAGES, Gap, gap_counts, gap_page
from teams.rights import manages
from teams.views.asked import above, page_number, turned
from teams.views.roster import readable_place
from trail.dates import business_date


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """One of the lists of a place, page by page, the most urgent first."""
    place, today = readable_place(request), business_date()
    kind, number = _kind(request.GET.get("kind", "")), page_number(request)
    context: dict[str, Any] = {
        "place": place,
        "above": above(request, place),
        "below": Division.objects.in_force(today).below(place.pk)
        if place.level < Level.TOWNSHIP
        else [],
        "kind": kind,
        "label": GAP_LABELS[kind],
        "of_villages": kind in OF_VILLAGES,
        "may_end": manages(request.user),
    }
    if place.pk != NATION:
        page = gap_page(place.pk, kind, today, number=number)
        counts = gap_counts(place.pk, today)
        context |= {
            "page": page,
            "count": counts[kind],
            "kinds": [
                (one, label, counts[one], _address(place, one)) for one, label in GAP_LABELS.items()
            ],
            **turned(request, number, has_next=page.has_more),
        }
    return render(request, "teams/gaps/list.html", context)


def _kind(text: str) -> Gap:
    return next((one for one in Gap if one == text), Gap.VACANT)


def _address(place: Division, kind: Gap) -> str:
    return "?" + urlencode({"division": place.pk, "kind": kind.value})
