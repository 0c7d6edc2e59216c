"""What is due: lists for whoever delivers, and totals by place for whoever looks on."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from assistance.forms.delivering import DueForm
from assistance.queries.due import Pace, Wanted, What, When, due_page, pace_in
from assistance.queries.due_totals import due_totals
from assistance.rights import PLAN_READERS, TOTAL_READERS
from divisions.models import Division
from officers.http import OfficerRequest
from officers.rules import Role
from teams.queries.unvisited import is_counted_now
from teams.views.asked import above, place_of
from trail.dates import business_date

KINDS: Sequence[tuple[What, Promise]] = (
    (What.DELIVERIES, pgettext_lazy("what is due", "Deliveries")),
    (What.LOANS, pgettext_lazy("what is due", "Loans")),
    (What.POSTS, pgettext_lazy("what is due", "Posts")),
    (What.MOVES, pgettext_lazy("what is due", "Relocations")),
    (What.COURSES, pgettext_lazy("what is due", "Certificates")),
)
TOTALS_READERS = TOTAL_READERS - {Role.HELPER}


def _times(pace: Pace, what: What) -> list[tuple[str, str]]:
    due = _("due within %(days)s days") % {"days": pace.of(what)}
    return [(When.DUE, due), (When.OVERDUE, _("overdue")), (When.ALL, _("all"))]


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """What is due of the measures that the officer reads in a place, the earliest first."""
    refusal = _("Your role reads the totals, not single measures.")
    place = place_of(request, request.GET.get("division", ""), PLAN_READERS, refusal)
    today = business_date()
    if not is_counted_now(place.pk):
        return _choose(request, place, today)
    pace = pace_in(place.pk, today.year)
    form = DueForm(request.GET, kinds=KINDS, times=_times(pace, What.DELIVERIES))
    what, when = form.wanted()
    wanted = Wanted(what, when, place.pk, request.GET.get("after", ""))
    page = due_page(request.user, wanted, today=today, pace=pace)
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "what": what,
        "when": when,
        "kinds": KINDS,
        "times": [(key, label, page.counts.of(When(key))) for key, label in _times(pace, what)],
        "page": page,
        "next_url": _behind(request, page.following),
        "reads_totals": request.user.acting_role in TOTALS_READERS,
    }
    status = 200 if form.is_valid() else 400
    return render(request, "assistance/due/list.html", context, status=status)


def _choose(request: OfficerRequest, place: Division, today: date) -> HttpResponse:
    """The places in which the list can be read: those of a province are too many to sort."""
    context = {
        "place": place,
        "above": above(request, place),
        "places": Division.objects.in_force(today).below(place.pk),
        "reads_totals": request.user.acting_role in TOTALS_READERS,
    }
    return render(request, "assistance/due/choose.html", context)


def _behind(request: OfficerRequest, following: str) -> str:
    """The address of the page that goes on; "" at the end."""
    if not following:
        return ""
    asked = request.GET.copy()
    asked["after"] = following
    return f"?{asked.urlencode()}"


@require_safe
def totals(request: OfficerRequest) -> HttpResponse:
    """How much is to be delivered and how much of it is late, by place, from the county down."""
    refusal = _("Your role does not read these totals.")
    place = place_of(request, request.GET.get("division", ""), TOTALS_READERS, refusal)
    today = business_date()
    pace, counted = pace_in(place.pk, today.year), is_counted_now(place.pk)
    context = {
        "place": place,
        "above": above(request, place),
        "pace": pace,
        "totals": due_totals(request.user, place, today=today, pace=pace) if counted else None,
        "places": [] if counted else Division.objects.in_force(today).below(place.pk),
        "lists": request.user.acting_role in PLAN_READERS,
    }
    return render(request, "assistance/due/totals.html", context)
