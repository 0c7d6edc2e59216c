"""The records of villages: who has one for a year, one village year by year, the form."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Division, Level
from exits.forms.records import RecordForm
from exits.queries.village_records import history_of, record_for, records_page
from exits.views.places import asked_place, asked_year, village_of
from households.actions.village_records import FIRST_YEAR, RECORDERS, record_village
from officers.http import OfficerRequest
from teams.views.asked import above, page_number, turned
from teams.views.trying import tried
from trail.dates import business_date
from trail.errors import NotAllowed

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The villages of a place with their records of a year."""
    place = asked_place(request)
    form = asked_year(request, place.pk, first=FIRST_YEAR)
    number = page_number(request)
    year = form.wanted_year()
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "keeps": request.user.acting_role in RECORDERS,
    }
    if place.level < Level.COUNTY:
        context["below"] = Division.objects.in_force(business_date()).below(place.pk)
    else:
        page = records_page(request.user, place, year, number=number)
        context |= {"page": page, **turned(request, number, has_next=page.has_next)}
    status = 400 if form.errors else 200
    return render(request, "exits/records/list.html", context, status=status)


@require_safe
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """The records of a village year by year, and its corrections."""
    village = village_of(request, code)
    history = history_of(request.user, village)
    this = business_date().year
    standing = {one.year for one in history.years}
    context = {
        "village": village,
        "history": history,
        "keeps": request.user.acting_role in RECORDERS,
        "open_years": [year for year in (this, this - 1) if year not in standing],
    }
    return render(request, "exits/records/village.html", context)


@require_http_methods(GET_POST)
def enter(request: OfficerRequest, code: str, year: int) -> HttpResponse:
    """The form of a village and year; where a record stands it is a correction."""
    village = village_of(request, code)
    if not FIRST_YEAR <= year <= business_date().year:
        raise Http404
    if request.user.acting_role not in RECORDERS:
        raise NotAllowed(
            _("The village, its team, the township or the county clerk keeps the record."),
            code="wrong_role",
        )
    before = record_for(request.user, village, year)
    last_year = record_for(request.user, village, year - 1)
    form = RecordForm(request.POST or None, before=before, last_year=last_year)

    def newest() -> int:
        found = record_for(request.user, village, year)
        return found.pk if found else 0

    outcome = tried(
        form, lambda: record_village(code, form.entry(year), by=request.user), now=newest
    )
    if outcome.result:
        messages.success(request, _("The record of %(year)s is kept.") % {"year": year})
        return redirect("exits:record", code)
    context = {
        "village": village,
        "year": year,
        "form": form,
        "before": before,
        "last_year": last_year,
        "stale": outcome.stale,
        "back": reverse("exits:record", args=[code]),
    }
    return render(request, "exits/records/form.html", context, status=outcome.status)
