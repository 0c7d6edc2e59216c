"""The days of others: a village keeps them, an inspection finds, the county withdraws."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Level
from officers.http import OfficerRequest
from officers.rules import Role
from teams.actions.inspections import record_absence, withdraw_absence
from teams.actions.presence import keep_day, seen_mark, why_not_kept
from teams.forms.judged import JudgedForm
from teams.forms.presence import DayForm, InspectionForm, WithdrawInspectionForm, day_in, month_in
from teams.models import Cadre, Presence
from teams.queries.absences import absences_shown
from teams.queries.days import (
    LEGEND,
    WEEKDAYS,
    consequence,
    found_absent,
    month_of,
    team_month,
)
from teams.queries.presence import month_totals, year_totals
from teams.rights import DAY_KEEPERS, FIELD, INSPECTORS
from teams.rules.presence import Source
from teams.views.asked import above, place_of
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale

SIGNED_IN = "teams:presence"


@require_safe
def village_page(request: OfficerRequest) -> HttpResponse:
    """The team of a village on one day, and the days of its month."""
    today, refusal = business_date(), _("Your role does not see the single days of people.")
    village = place_of(request, request.GET.get("division", ""), FIELD, refusal)
    if village.level != Level.VILLAGE:
        return redirect(f"{reverse('teams:presence_totals')}?division={village.pk}")
    day = day_in(request.GET.get("day", ""), today)
    month = team_month(request.user, village, day, today)
    keeps = request.user.acting_role in DAY_KEEPERS
    context = {
        "village": village,
        "above": above(request, village),
        "day": day,
        "today": today,
        "month": month,
        "people": [
            (term, cell, _kept(request, term.cadre, cell.row, day, today) if keeps else None)
            for term, cell in month.on(day)
        ],
        "other_month": _other_month(day, today),
        "legend": LEGEND,
    }
    return render(request, "teams/presence/village.html", context)


def _other_month(day: date, today: date) -> date:
    """The last day of last month from this one, today from that one."""
    this = today.replace(day=1)
    return date.fromordinal(this.toordinal() - 1) if day >= this else today


def _kept(
    request: OfficerRequest, cadre: Cadre, row: Presence | None, day: date, today: date
) -> tuple[bool, str]:
    """Whether the officer can record the day of somebody, and else why not."""
    if cadre.account_id == request.user.pk:
        return False, _("Your own days: sign in, or ask another village official.")
    reason = why_not_kept(row, day, today)
    return not reason, reason


def _cadre(request: OfficerRequest, number: str) -> Cadre:
    """The person of the address within the posting, for a role that sees single days."""
    found = get_object_or_404(Cadre.objects.visible_to(request.user), number=number)
    if request.user.acting_role not in FIELD:
        raise NotAllowed(_("Your role does not see the single days of people."), code="wrong_role")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _row(request: OfficerRequest, cadre: Cadre, day: date) -> Presence | None:
    return Presence.objects.visible_to(request.user).filter(cadre=cadre, day=day).first()


@require_safe
def person_page(request: OfficerRequest, cadre: str) -> HttpResponse:
    """The days of one person by month, the year's sum, and what follows from it."""
    found, today = _cadre(request, cadre), business_date()
    month = month_of(request.user, found, month_in(request.GET.get("month", ""), today), today)
    year = year_totals([found.pk], month.first.year, today).get(found.pk)
    absent = found_absent(request.user, found, month.first.year)
    own = found.account_id == request.user.pk
    context = {
        "cadre": found,
        "month": month,
        "year": month.first.year,
        "year_days": year,
        "month_days": month_totals([found.pk], month.first, today).get(found.pk),
        "consequence": consequence(year.absent, year.village, month.first.year) if year else "",
        "absences": absences_shown(request.user, found),
        "absent": [(row, _may_withdraw(request, found, row)) for row in absent],
        "may_inspect": request.user.acting_role in INSPECTORS and not own,
        "legend": LEGEND,
        "weekdays": WEEKDAYS,
    }
    return render(request, "teams/presence/person.html", context)


def _may_withdraw(request: OfficerRequest, cadre: Cadre, row: Presence) -> bool:
    officer = request.user
    approves = officer.acting_role == Role.COUNTY_APPROVER
    return approves and officer.pk not in (row.recorded_by_id, cadre.account_id)


@require_http_methods(["GET", "HEAD", "POST"])
def day_page(request: OfficerRequest, cadre: str, day: str) -> HttpResponse:
    """The village records what a day was on which somebody did not sign in."""
    found, on, today = _cadre(request, cadre), _day(day), business_date()
    if request.user.acting_role not in DAY_KEEPERS:
        raise NotAllowed(_("The village official keeps the attendance."), code="wrong_role")
    row = _row(request, found, on)
    start = {"seen": seen_mark(row), "status": row.status if row else None}
    form = DayForm(request.POST if request.method == "POST" else None, initial=start)

    def act() -> None:
        known = form.cleaned_data
        keep_day(found, on, form.wanted(), by=request.user, note=known["note"], seen=known["seen"])

    status = _tried(form, act)
    if status == 409 and form.is_bound:
        row = _row(request, found, on)
        form.see(seen_mark(row))
    if status == 302:
        messages.success(request, _("Recorded: %(name)s, %(day)s.") % _said(found, on))
        return redirect(f"{reverse('teams:attendance')}?day={on}")
    can, reason = _kept(request, found, row, on, today)
    context = {"form": form, "cadre": found, "day": on, "row": row, "reason": reason, "can": can}
    return render(request, "teams/presence/day.html", context, status=status)


def _tried(form: JudgedForm, act: Callable[[], object]) -> int:
    """The status of the answer: 302 once it is done, 200 before anything was sent."""
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 400
    try:
        act()
    except NotAllowed:
        raise
    except Stale as stale:
        form.add_error(None, stale.message)
        return stale.status
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return refusal.status
    return 302


def _said(cadre: Cadre, day: date) -> dict[str, Any]:
    return {"name": cadre.name, "day": day}


def _person_url(cadre: Cadre, day: date) -> str:
    return f"{reverse('teams:presence_person', args=[cadre.number])}?month={day:%Y-%m}"


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: OfficerRequest, cadre: str) -> HttpResponse:
    """Record an absence without leave."""
    found, today = _cadre(request, cadre), business_date()
    if request.user.acting_role not in INSPECTORS:
        raise NotAllowed(
            _("The township and the county record what an inspection found."), code="wrong_role"
        )
    posted = request.POST if request.method == "POST" else None
    form = InspectionForm(posted, initial={"day": today})

    def act() -> None:
        known = form.cleaned_data
        record_absence(found, known["day"], by=request.user, found=known["found"])

    status = _tried(form, act)
    if status == 302:
        day = form.cleaned_data["day"]
        totals = year_totals([found.pk], day.year, today)[found.pk]
        text = consequence(totals.absent, totals.village, day.year)
        messages.success(request, f"{_('Recorded: %(name)s, %(day)s.') % _said(found, day)} {text}")
        return redirect(_person_url(found, day))
    context = {"form": form, "cadre": found}
    return render(request, "teams/presence/inspect.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficerRequest, cadre: str, day: str) -> HttpResponse:
    """Take the record of an inspection back."""
    found, on = _cadre(request, cadre), _day(day)
    if request.user.acting_role != Role.COUNTY_APPROVER:
        raise NotAllowed(_("A county approver withdraws it."), code="wrong_role")
    row = _row(request, found, on)
    form = WithdrawInspectionForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        withdraw_absence(found, on, by=request.user, reason=form.cleaned_data["reason"])

    if not form.is_bound and (row is None or row.source != Source.INSPECTION):
        raise Http404
    status = _tried(form, act)
    if status == 302:
        messages.success(request, _("Withdrawn: %(name)s, %(day)s.") % _said(found, on))
        return redirect(_person_url(found, on))
    context = {"form": form, "cadre": found, "day": on, "row": row}
    return render(request, "teams/presence/withdraw.html", context, status=status)
