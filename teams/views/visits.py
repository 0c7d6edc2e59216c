"""Visiting households: whom to visit, recording it, what was recorded, taking it back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from households.models import Household
from households.queries import visible_households
from households.rights import PHONE_READERS
from officers.http import OfficerRequest
from officers.rules import Role
from teams.actions.visits import add_photos, record_visit, withdraw_visit
from teams.forms.visits import (
    KindForm,
    MonthForm,
    VisitForm,
    WhoseMonthForm,
    WithdrawVisitForm,
)
from teams.models import Visit
from teams.queries.activity import last_of, months_to
from teams.queries.assignees import assignees_of
from teams.queries.pairings import households_of
from teams.queries.todo import tasks_of_visit
from teams.queries.unvisited import ALL, LATE, SOON, card_page, pace_in, to_be_visited
from teams.queries.visits import (
    Wanted,
    is_of_today,
    own_or_visible,
    reads_text,
    rows_of,
    visit_page,
    visits_of_household,
    withdrawal_of,
    workers_in,
)
from teams.refusals import EntryRefused
from teams.rights import VISIT_LISTERS, VISITORS
from teams.rules.visiting import Pace
from teams.views.asked import above, page_number, people_of, place_of, turned
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.models import Attachment
from workflow.models.attachments import VISIT

HOUSEHOLD_ROWS = 100
MONTHS_BACK = 24


def not_visitor() -> NotAllowed:
    """The refusal of a role that visits nobody."""
    return NotAllowed(
        _("The village official, the work team and helpers visit households."), code="wrong_role"
    )


def labels_of(pace: Pace) -> list[tuple[str, str]]:
    """The kinds of households by their last visit, in words."""
    return [
        (ALL, _("all")),
        (SOON, _("not visited for %(days)s days") % {"days": pace.soon}),
        (LATE, _("not visited for %(days)s days") % {"days": pace.late}),
    ]


@require_safe
def my_households(request: OfficerRequest) -> HttpResponse:
    """The households that the officer is to visit, those that wait longest first."""
    officer, today = request.user, business_date()
    if officer.acting_role not in VISITORS:
        raise not_visitor()
    code = officer.acting_division
    helps = officer.acting_role == Role.HELPER
    households = (
        households_of(officer, today) if helps else to_be_visited(officer, code, today=today)
    )
    pace, number = pace_in(code, today.year), page_number(request)
    form = KindForm(request.GET, labels=labels_of(pace))
    kind = form.wanted_kind()
    page = card_page(households, kind, number=number, today=today, pace=pace)
    context = {
        "form": form,
        "kind": kind,
        "kinds": labels_of(pace),
        "page": page,
        "pace": pace,
        "helps": helps,
        "reads_phone": officer.acting_role in PHONE_READERS,
        **turned(request, number, has_next=page.has_next),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "teams/visits/mine.html", context, status=status)


def _household(request: OfficerRequest, number: str) -> Household:
    found = visible_households(request.user).select_related("village")
    return get_object_or_404(found, number=number)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: OfficerRequest, number: str) -> HttpResponse:
    """Record a visit: who was met, what about, problems with who solves them, photos."""
    household = _household(request, number)
    if request.user.acting_role not in VISITORS:
        raise not_visitor()
    today = business_date()
    form = VisitForm(
        request.POST or None,
        request.FILES or None,
        assignees=assignees_of(household.village_id, today),
        initial={"day": today},
    )
    if form.is_bound and form.is_valid():
        try:
            visit = record_visit(household.pk, form.entry(), by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            _keep_photos(request, visit, form)
            return redirect("teams:visit", visit.uuid)
    context = {"form": form, "household": household, "today": today}
    return render(request, "teams/visits/record.html", context, status=400 if form.errors else 200)


def _keep_photos(request: OfficerRequest, visit: Visit, form: VisitForm) -> None:
    """Keep the photos and say what was kept; the visit stands whatever becomes of them."""
    messages.success(request, _("The visit is recorded."))
    uploads = [one.read() for one in form.cleaned_data["photos"]]
    for wrong in add_photos(visit.pk, uploads, by=request.user) if uploads else ():
        messages.warning(request, _("A photo was not kept: %(why)s") % {"why": wrong})


@require_safe
def of_household(request: OfficerRequest, number: str) -> HttpResponse:
    """The latest visits of one household."""
    household = _household(request, number)
    if request.user.acting_role not in VISIT_LISTERS:
        raise NotAllowed(_("Your role does not see single visits."), code="wrong_role")
    rows = visits_of_household(request.user, household, most=HOUSEHOLD_ROWS)
    context = {
        "household": household,
        "rows": rows,
        "may_visit": request.user.acting_role in VISITORS,
    }
    return render(request, "teams/visits/household.html", context)


def visit_of(request: OfficerRequest, key: uuid.UUID) -> Visit:
    """The visit of the address as far as the officer may see it, also one taken back; else 404."""
    found = own_or_visible(request.user).select_related("household__village", "visitor")
    return get_object_or_404(found, uuid=key)


@require_safe
def page(request: OfficerRequest, visit: uuid.UUID) -> HttpResponse:
    """One visit with its words, photos and tasks."""
    found = visit_of(request, visit)
    officer, today = request.user, business_date()
    reads = reads_text(officer, found)
    own = found.visitor_id == officer.pk and found.withdrawn_at is None
    [row] = rows_of(officer, [found])
    photos = Attachment.objects.visible_to(officer).of(VISIT, str(found.uuid))
    context = {
        "visit": found,
        "row": row,
        "reads": reads,
        "tasks": tasks_of_visit(found.pk, today=today) if reads else [],
        "photos": photos if reads else [],
        "withdrawal": withdrawal_of(found),
        "may_withdraw": own and is_of_today(found, today=today),
        "may_add": own and officer.acting_role in VISITORS,
    }
    return render(request, "teams/visits/visit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficerRequest, visit: uuid.UUID) -> HttpResponse:
    """Take one's own visit back, asked once more with the reason."""
    found = visit_of(request, visit)
    if found.visitor_id != request.user.pk:
        raise NotAllowed(_("Only who made a visit takes it back."), code="not_yours")
    form = WithdrawVisitForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            withdraw_visit(found.pk, form.cleaned_data["reason"], by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The visit is taken back."))
            return redirect("teams:visit", found.uuid)
    context = {"form": form, "visit": found}
    return render(
        request, "teams/visits/withdraw.html", context, status=400 if form.errors else 200
    )


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The visits of a month in a place, of everybody or of one person."""
    refusal = _("Your role does not see single visits.")
    place = place_of(request, request.GET.get("division", ""), VISIT_LISTERS, refusal)
    form = _asked(request, place.pk)
    month, person = form.wanted_month(), form.wanted_person()
    wanted = Wanted(place.pk, month, last_of(month), person)
    number = page_number(request)
    found = visit_page(request.user, wanted, number=number)
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "page": found,
        "month": month,
        "may_visit": request.user.acting_role in VISITORS,
        **turned(request, number, has_next=found.has_next),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "teams/visits/list.html", context, status=status)


def _asked(request: OfficerRequest, code: str) -> WhoseMonthForm:
    """The filter of the address: the people offered are those who were at work in its month."""
    months = months_to(business_date(), MONTHS_BACK)[::-1]
    month = MonthForm(request.GET, months=months).wanted_month()
    workers = workers_in(request.user, code, month, last_of(month))
    return WhoseMonthForm(request.GET, months=months, people=people_of(request, code, workers))
