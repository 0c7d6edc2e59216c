"""Which households were not visited for long, and how many visits were made, by place."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from divisions.models import Division
from officers.http import OfficerRequest
from officers.rules import Role
from teams.forms.visits import KindForm
from teams.queries.activity import activity_of
from teams.queries.unvisited import (
    SOON,
    card_page,
    is_counted_now,
    overview,
    pace_in,
    to_be_visited,
)
from teams.rights import READERS, VISIT_LISTERS, VISITORS
from teams.views.asked import above, page_number, place_of, turned
from teams.views.visits import labels_of
from teams.visit_charts import month_bars
from trail.dates import business_date

TOTALS_READERS = READERS - {Role.HELPER}
LIST_READERS = VISIT_LISTERS - {Role.HELPER}


@require_safe
def unvisited(request: OfficerRequest) -> HttpResponse:
    """How many households were not visited for long, by place, from the county down."""
    refusal = _("Your role does not read these totals.")
    place = place_of(request, request.GET.get("division", ""), TOTALS_READERS, refusal)
    today = business_date()
    pace = pace_in(place.pk, today.year)
    counted = is_counted_now(place.pk)
    context = {
        "place": place,
        "above": above(request, place),
        "pace": pace,
        "overview": overview(request.user, place, today=today, pace=pace) if counted else None,
        "places": [] if counted else Division.objects.in_force(today).below(place.pk),
        "lists": request.user.acting_role in LIST_READERS,
    }
    return render(request, "teams/visits/unvisited.html", context)


@require_safe
def households(request: OfficerRequest) -> HttpResponse:
    """The households of a place that were not visited for long, the longest first."""
    refusal = _("Your role sees the totals, not the households.")
    place = place_of(request, request.GET.get("division", ""), LIST_READERS, refusal)
    today, number = business_date(), page_number(request)
    pace = pace_in(place.pk, today.year)
    form = KindForm({"kind": SOON, **request.GET.dict()}, labels=labels_of(pace))
    kind = form.wanted_kind()
    context = {
        "place": place,
        "above": above(request, place),
        "pace": pace,
        "form": form,
        "kind": kind,
        "page": None,
        "may_visit": request.user.acting_role in VISITORS,
    }
    if is_counted_now(place.pk):
        found = to_be_visited(request.user, place.pk, today=today)
        page = card_page(found, kind, number=number, today=today, pace=pace)
        context |= {"page": page, **turned(request, number, has_next=page.has_next)}
    status = 200 if form.is_valid() else 400
    return render(request, "teams/visits/unvisited_households.html", context, status=status)


@require_safe
def months(request: OfficerRequest) -> HttpResponse:
    """The visits of the last twelve months, as bars and a table, and by place."""
    refusal = _("Your role does not read these totals.")
    place = place_of(request, request.GET.get("division", ""), TOTALS_READERS, refusal)
    today = business_date()
    found = activity_of(place, today=today) if is_counted_now(place.pk) else None
    context = {
        "place": place,
        "above": above(request, place),
        "activity": found,
        "places": [] if found else Division.objects.in_force(today).below(place.pk),
        "lists": request.user.acting_role in VISIT_LISTERS,
    }
    if found:
        title = _("Visits by month, %(place)s") % {"place": place.name}
        context["chart"] = month_bars(title, found.months, found.whole.visits, "months-caption")
        context["rows"] = list(zip(found.months, found.whole.visits, strict=True))[::-1]
    return render(request, "teams/visits/months.html", context)
