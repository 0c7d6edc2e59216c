"""The coverage report of a place on a day, as a page and as a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from teams.coverage_charts import coverage_bars, legend
from teams.forms.roster import DayForm
from teams.models import Rank
from teams.queries.coverage import coverage_of
from teams.queries.coverage_sheet import coverage_sheet
from teams.views.asked import above
from teams.views.roster import readable_place
from trail.dates import business_date
from trail.sheets import FileForm, as_file

TABLE = "coverage-caption"


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """Villages with their teams and households with their helpers, by the places right below."""
    place, today = readable_place(request), business_date()
    form = DayForm(request.GET, today=today)
    found = coverage_of(request.user, place, form.day(), today=today)
    rows = [
        (row.division.name, (row.teams.led_percent, row.teams.full_percent, row.helped_percent))
        for row in found.parts or [found.total]
    ]
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "on": form.day(),
        "coverage": found,
        "ranks": [*Rank.labels],
        "chart": coverage_bars(_("Coverage of %(place)s") % {"place": place.name}, rows, TABLE),
        "legend": legend([_("first secretary"), _("whole team"), _("helper")]),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "teams/coverage/page.html", context, status=status)


@require_safe
def download(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The same rows as a file."""
    place, today = readable_place(request), business_date()
    on = DayForm(request.GET, today=today).day()
    found = coverage_of(request.user, place, on, today=today)
    sheet = coverage_sheet(request.user, found)
    return as_file(sheet, form, f"coverage-{place.pk}-{on.isoformat()}")
