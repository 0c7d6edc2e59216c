"""The pages of the sponsoring units."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officers.http import OfficerRequest
from teams.actions.units import add_unit, change_unit, end_unit, resume_unit
from teams.forms.units import ChangeUnitForm, EndUnitForm, UnitForm, UnitListForm, entered_before
from teams.models import Unit
from teams.queries.cadres import people_of_unit
from teams.queries.units import ROWS, keeps, serving_from, units
from teams.refusals import EntryRefused
from teams.rights import READERS, UNIT_KEEPERS
from trail.dates import business_date
from trail.errors import NotAllowed, Stale


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The units that the officer sees."""
    _refuse_others(request)
    form = UnitListForm(request.GET or None)
    wanted = form.wanted() if request.GET else UnitListForm({}).wanted()
    page = Paginator(units(request.user, wanted), ROWS).get_page(request.GET.get("page"))
    serving = serving_from(list(page.object_list))
    context = {
        "form": form,
        "page": page,
        "rows": [(unit, serving.get(unit.pk, 0)) for unit in page.object_list],
        "may_add": request.user.acting_role in UNIT_KEEPERS,
        "narrowed": any(vars(wanted).values()),
    }
    return render(request, "teams/units/list.html", context)


@require_safe
def show(request: OfficerRequest, unit: int) -> HttpResponse:
    """One unit with its people."""
    found = _unit(request, unit)
    context = {
        "unit": found,
        "keeps": keeps(request.user, found),
        "people": people_of_unit(request.user, found, today=business_date()),
    }
    return render(request, "teams/units/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficerRequest) -> HttpResponse:
    """Record a unit."""
    _refuse_others(request, UNIT_KEEPERS)
    form = UnitForm(request.POST or None, officer=request.user)
    if form.is_valid():
        try:
            made = add_unit(form.entry(), by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The unit is recorded."))
            return redirect("teams:unit", made.pk)
    context = {"form": form, "title": _("New sponsoring unit")}
    return render(request, "teams/units/form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, unit: int) -> HttpResponse:
    """Change the record of a unit; somebody else's change is shown beside what was typed."""
    found = _unit(request, unit)
    if not keeps(request.user, found):
        raise NotAllowed(_("Another office keeps the record of this unit."), code="outside_posting")
    initial = entered_before(found)
    form = ChangeUnitForm(request.POST or None, officer=request.user, initial=initial)
    context = {"form": form, "unit": found, "title": _("Change the unit")}
    status = 200
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            change_unit(found.pk, form.entry(), by=request.user, version=version)
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            form.see(found.version)
            context["stale"], status = stale, stale.status
        else:
            messages.success(request, _("The record is changed."))
            return redirect("teams:unit", found.pk)
    return render(request, "teams/units/form.html", context, status=400 if form.errors else status)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OfficerRequest, unit: int) -> HttpResponse:
    """Record since when the unit sends nobody."""
    found = _unit(request, unit)
    form = EndUnitForm(request.POST or None)
    if form.is_valid():
        try:
            end_unit(found.pk, form.cleaned_data["ended_on"], by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The unit sends nobody any more."))
            return redirect("teams:unit", found.pk)
    context = {"form": form, "unit": found, "title": _("End the unit")}
    return render(request, "teams/units/form.html", context, status=400 if form.errors else 200)


@require_POST
def resume(request: OfficerRequest, unit: int) -> HttpResponse:
    """Let the unit send people again."""
    found = _unit(request, unit)
    resume_unit(found.pk, by=request.user)
    messages.success(request, _("The unit sends people again."))
    return redirect("teams:unit", found.pk)


def _unit(request: OfficerRequest, key: int) -> Unit:
    """The unit of the address as the officer sees it, else 404; NotAllowed for other roles."""
    rows = Unit.objects.visible_to(request.user).select_related("division", "counterpart")
    found = get_object_or_404(rows, pk=key)
    _refuse_others(request)
    return found


def _refuse_others(request: OfficerRequest, roles: frozenset = READERS) -> None:
    if request.user.acting_role not in roles:
        raise NotAllowed(_("Your role does not do this."), code="wrong_role")
