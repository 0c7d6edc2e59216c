"""The month sheet of somebody who serves in a village, on paper."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officers.http import OfficerRequest
from officers.models import Officer
from officers.rights import require
from registry.pages.prints.actions import Printed, printed_of
from registry.pages.prints.glyphs import seldom_in_fonts
from registry.pages.prints.sheets import MONTH, Sheet
from registry.pages.prints.views import answer, wants_what_is_not_here
from teams.forms.presence import month_in
from teams.models import Cadre
from teams.queries.days import LEGEND, WEEKDAYS
from teams.queries.month_sheet import month_sheet
from teams.rights import FIELD
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed


@transaction.atomic
def print_month(cadre: Cadre, sheet: Sheet, *, by: Officer, month: date) -> Printed:
    """Record that the days of a month of somebody were printed. Raises NotAllowed."""
    require(by, *FIELD)
    after = {"sheet": sheet.name, "month": f"{month:%Y-%m}"}
    return printed_of(
        record(by=by, action="print", subject=cadre, division=by.acting_division, after=after)
    )


@require_safe
def month_page(request: OfficerRequest, cadre: str, month: str) -> HttpResponse:
    found = get_object_or_404(Cadre.objects.visible_to(request.user), number=cadre)
    if request.user.acting_role not in FIELD:
        raise NotAllowed(_("Your role does not see the single days of people."), code="wrong_role")
    today = business_date()
    first = month_in(month, today)
    if f"{first:%Y-%m}" != month:
        raise Http404
    if wants_what_is_not_here(request):
        return redirect("pages:help_printing")
    content = month_sheet(request.user, found, first, today)
    printed = print_month(found, MONTH, by=request.user, month=first)
    content = replace(content, boxes=seldom_in_fonts([found.name]))
    context = {"content": content, "legend": LEGEND, "weekdays": WEEKDAYS}
    return answer(request, MONTH, printed, context)
