"""What a member of a team does on his phone: the sign-in of today, a request to be away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officers.http import OfficerRequest
from officers.rules import Role
from teams.actions.absences import ask_absence
from teams.actions.presence import sign_in
from teams.forms.presence import AbsenceForm, SignInForm, month_in
from teams.models import Cadre
from teams.queries.absences import absences_shown
from teams.queries.days import LEGEND, WEEKDAYS, consequence, month_of, own_position
from teams.queries.presence import month_totals, year_totals
from teams.queries.standing import standing_of
from teams.refusals import EntryRefused
from trail.dates import business_date
from trail.errors import NotAllowed, Refused


def _refuse_others(request: OfficerRequest) -> None:
    if request.user.posting is None:
        raise NotAllowed(
            _(
                "You have no posting today, so you cannot sign in. Ask the account administrator"
                " of your county for one in your village."
            ),
            code="no_posting",
        )
    if request.user.acting_role != Role.TEAM_MEMBER:
        raise NotAllowed(
            _("Members of a team sign in here. You find their days under “Days in the village”."),
            code="wrong_role",
        )


@require_http_methods(["GET", "HEAD", "POST"])
def today_page(request: OfficerRequest) -> HttpResponse:
    """The sign-in of today, and what of the month and year is on record."""
    _refuse_others(request)
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            row = sign_in(by=request.user, position=form.position())
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("You are signed in for %(day)s.") % {"day": row.day})
            return redirect("teams:presence")
    return render(
        request,
        "teams/presence/today.html",
        _page(request, form),
        status=400 if form.errors else 200,
    )


def _page(request: OfficerRequest, form: SignInForm) -> dict[str, Any]:
    today = business_date()
    standing = standing_of(request.user, today)
    context = {"form": form, "standing": standing, "today": today}
    return context | (_record(request, standing.cadre) if standing.cadre else {})


def _record(request: OfficerRequest, cadre: Cadre) -> dict[str, Any]:
    """What is on record of the person himself."""
    today = business_date()
    month = month_of(request.user, cadre, month_in(request.GET.get("month", ""), today), today)
    year = year_totals([cadre.pk], today.year, today).get(cadre.pk)
    row = next((one.row for one in month.days if one.is_today), None)
    return {
        "month": month,
        "week": month.week_of(today),
        "row": row,
        "position": own_position(request.user, row),
        "year_days": year,
        "month_days": month_totals([cadre.pk], month.first, today).get(cadre.pk),
        "consequence": consequence(year.absent, year.village, today.year) if year else "",
        "absences": absences_shown(request.user, cadre),
        "legend": LEGEND,
        "weekdays": WEEKDAYS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: OfficerRequest) -> HttpResponse:
    """Ask to be away for some days; the township decides, or the county."""
    _refuse_others(request)
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            case = ask_absence(form.asked(), by=request.user)
        except NotAllowed:
            raise
        except EntryRefused as refused:
            form.take(refused.faults)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            said = _("Sent. The county decides, after the township has passed it on.")
            if not case.facts["needs_county"]:
                said = _("Sent to the township, which decides.")
            messages.success(request, said)
            return redirect("pages:case", case.pk)
    standing = standing_of(request.user, business_date())
    context = {"form": form, "standing": standing}
    return render(request, "teams/presence/ask.html", context, status=400 if form.errors else 200)
