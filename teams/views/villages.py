"""The page of one village: its team as of a day."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from divisions.models import Division, Level
from divisions.scope import reaches
from officers.http import OfficerRequest
from teams.charts import Bars, legend, term_chart
from teams.forms.roster import DayForm
from teams.models import POST_NAMES
from teams.queries.calendar import led_by, people_of
from teams.queries.villages import Village, village_on
from teams.rights import manages, reads_days, reads_roster
from teams.rules.calendar import months_around
from teams.rules.terms import Post, Span
from teams.views.asked import above
from trail.dates import business_date
from trail.errors import NotAllowed


@require_safe
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """The team, the chart of two years, past terms, who is to follow."""
    village = get_object_or_404(Division, pk=code, level=Level.VILLAGE)
    if not reaches(request.user, code):
        raise Http404
    if not reads_roster(request.user):
        raise NotAllowed(_("Your role does not read the roster of teams."), code="wrong_role")
    today = business_date()
    form = DayForm(request.GET, today=today)
    found = village_on(request.user, village, form.day(), today=today)
    context = {
        "village": found,
        "place": village,
        "above": above(request, village),
        "form": form,
        "on": form.day(),
        "is_today": form.day() == today,
        "today": today,
        "chart": _chart(found) if found.terms or found.is_needed else "",
        "legend": legend(),
        "may_end": manages(request.user),
        "reads_days": reads_days(request.user),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "teams/villages/village.html", context, status=status)


def _chart(found: Village) -> str:
    today = business_date()
    months = months_around(today)
    window = Span(months[0].first, months[-1].last)
    rows = [
        Bars(
            str(POST_NAMES[Post.FIRST_SECRETARY]),
            led_by(found.terms, window, today),
            window if found.is_needed else None,
        ),
        *(Bars(name, spans) for name, spans in people_of(found.terms, window, today)),
    ]
    title = _("Terms in %(village)s") % {"village": found.division.name}
    return term_chart(title, rows, months, today, "team-caption")
