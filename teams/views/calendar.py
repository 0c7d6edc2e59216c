"""Which days have a first secretary: two years around today, by place."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from divisions.models import Level
from divisions.scope import NATION
from officers.http import OfficerRequest
from teams.charts import MOST_ROWS, Bars, legend, share_chart, term_chart
from teams.queries.calendar import calendar_of
from teams.views.asked import above
from teams.views.roster import readable_place
from trail.dates import business_date

TABLE = "calendar-caption"


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The chart and its table: villages of a township, else places by their share of days."""
    place, today = readable_place(request), business_date()
    context = {"place": place, "above": above(request, place)}
    if place.pk == NATION:
        return render(request, "teams/calendar/page.html", context)
    found = calendar_of(place, today)
    by_village = place.level >= Level.TOWNSHIP
    title = _("Days with a first secretary, %(place)s") % {"place": place.name}
    if by_village:
        rows = [
            Bars(line.division.name, line.spans, found.window, _percent(line.past.percent))
            for line in found.lines
        ]
        chart = term_chart(title, rows, found.months, today, TABLE)
    else:
        shares = [(line.division.name, line.shares) for line in found.lines]
        chart = share_chart(title, shares, found.months, today, TABLE)
    context |= {
        "calendar": found,
        "by_village": by_village,
        "chart": chart,
        "legend": legend(),
        "hidden": max(len(found.lines) - MOST_ROWS, 0),
    }
    return render(request, "teams/calendar/page.html", context)


def _percent(number: int | None) -> str:
    return "" if number is None else f"{number} %"
