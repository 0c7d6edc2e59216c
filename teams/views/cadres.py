"""The pages of the records of cadres."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from divisions.scope import contains, reaches
from officers.http import OfficerRequest
from teams.actions.cadres import (
    RecordedAlready,
    change_cadre,
    link_account,
    record_cadre,
    refuse_far,
    reveal_cadre_phone,
)
from teams.forms.cadres import (
    CadreForm,
    ChangeCadreForm,
    FindCadreForm,
    LinkForm,
    PhoneForm,
    entered_before,
)
from teams.models import Cadre
from teams.queries.cadres import (
    STATES,
    Wanted,
    cadre_page,
    facts_of,
    is_near,
    open_dispatch,
    units_for,
)
from teams.refusals import EntryRefused
from teams.rights import FIELD, LINKERS, MANAGERS, PROPOSERS, READERS
from trail.dates import business_date
from trail.errors import NotAllowed, Stale

MOST_DIGITS = 4


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: OfficerRequest) -> HttpResponse:
    """The records that the officer sees; a search by name is a POST and narrows within a state."""
    _refuse_others(request, READERS)
    form = FindCadreForm(request.POST if request.method == "POST" else None)
    term = form.cleaned_data["term"] if form.is_valid() else ""
    wanted = Wanted(_state(request), term, 1 if term else _number(request))
    page = cadre_page(request.user, wanted, today=business_date())
    context = {
        "form": form,
        "term": term,
        "wanted": wanted,
        "page": page,
        "states": [(name, label, name == wanted.state) for name, label in STATES.items()],
        "may_record": request.user.acting_role in MANAGERS,
        "previous_number": page.number - 1 if page.number > 1 else None,
        "next_number": page.number + 1 if page.number < page.last_number else None,
    }
    return render(request, "teams/cadres/list.html", context, status=400 if form.errors else 200)


def _state(request: OfficerRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in STATES else ""


def _number(request: OfficerRequest) -> int:
    typed = request.GET.get("page", "")
    sound = typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS
    return max(1, int(typed)) if sound else 1


@require_safe
def show(request: OfficerRequest, cadre: str) -> HttpResponse:
    """One record."""
    found = _cadre(request, cadre)
    _refuse_others(request, READERS)
    role, today = request.user.acting_role, business_date()
    is_kept_here = contains(found.division_id, request.user.acting_division)
    context = {
        "cadre": found,
        "rows": facts_of(request.user, found, today=today),
        "dispatch": open_dispatch(request.user, found),
        "may_change": role in MANAGERS and is_kept_here,
        "may_propose": role in PROPOSERS and is_kept_here,
        "may_phone": role in FIELD and is_near(request.user, found, today),
    }
    return render(request, "teams/cadres/cadre.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficerRequest) -> HttpResponse:
    """Record a person, or take over the record of somebody who served in another county."""
    _refuse_others(request, MANAGERS)
    form = CadreForm(request.POST or None, units=units_for(request.user))
    context: dict[str, Any] = {"form": form, "title": _("Record a person")}
    if form.is_valid():
        try:
            made = record_cadre(form.entry(), by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        except RecordedAlready as refused:
            form.add_error("id_number", refused.message)
            context["recorded"] = refused.details["number"]
        else:
            messages.success(request, _("The person is recorded."))
            return redirect("teams:cadre", made.number)
    return render(request, "teams/cadres/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, cadre: str) -> HttpResponse:
    """Change a record; somebody else's change is shown beside what was typed."""
    found = _cadre(request, cadre)
    _refuse_others(request, MANAGERS)
    _refuse_kept_elsewhere(request, found)
    units = units_for(request.user, also=found.unit_id)
    form = ChangeCadreForm(request.POST or None, units=units, initial=entered_before(found))
    context: dict[str, Any] = {"form": form, "cadre": found, "title": _("Change the record")}
    status = 200
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            change_cadre(found.pk, form.entry(), by=request.user, version=version)
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            form.see(found.version)
            context["stale"], status = stale, stale.status
        else:
            messages.success(request, _("The record is changed."))
            return redirect("teams:cadre", found.number)
    status = 400 if form.errors else status
    return render(request, "teams/cadres/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: OfficerRequest, cadre: str) -> HttpResponse:
    """Say which account belongs to the person."""
    found = _cadre(request, cadre)
    _refuse_others(request, LINKERS)
    _refuse_kept_elsewhere(request, found)
    initial = {"username": found.account.username if found.account else ""}
    form = LinkForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            link_account(found.pk, form.cleaned_data["username"], by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The account of %(name)s is set.") % {"name": found.name})
            manages = request.user.acting_role in MANAGERS
            return redirect("teams:cadre", found.number) if manages else redirect("teams:accounts")
    context = {
        "form": form,
        "cadre": found,
        "title": _("Account of the person"),
        "is_admin": request.user.acting_role not in MANAGERS,
    }
    return render(request, "teams/cadres/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: OfficerRequest, cadre: str) -> HttpResponse:
    """Ask for the reason; with one, show the phone on this answer alone."""
    found = _cadre(request, cadre)
    _refuse_others(request, FIELD)
    refuse_far(found, by=request.user)
    form = PhoneForm(request.POST or None)
    shown = None
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        shown = reveal_cadre_phone(found, by=request.user, reason=reason)
    context = {"form": form, "cadre": found, "shown": shown}
    return render(request, "teams/cadres/phone.html", context, status=400 if form.errors else 200)


def _cadre(request: OfficerRequest, number: str) -> Cadre:
    """The record of the address as the officer sees it, else 404."""
    found = Cadre.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("unit", "division", "account"), number=number)


def _refuse_kept_elsewhere(request: OfficerRequest, cadre: Cadre) -> None:
    if not reaches(request.user, cadre.division_id):
        raise NotAllowed(
            _("Another county keeps the record of this person."), code="outside_posting"
        )


def _refuse_others(request: OfficerRequest, roles: frozenset) -> None:
    if request.user.acting_role not in roles:
        raise NotAllowed(_("Your role does not do this."), code="wrong_role")
