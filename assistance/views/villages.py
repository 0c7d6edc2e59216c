"""The pages of the measures of villages: the list, one of them, and whom it serves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assistance.actions.beneficiaries import add_beneficiaries, change_beneficiaries
from assistance.actions.distributing import bears_income
from assistance.forms.villages import AddForm, ChangeForm, VillageListForm
from assistance.models import Item
from assistance.queries.distributions import distributions_of
from assistance.queries.villages import (
    KEPT_STATUSES,
    Wanted,
    candidates_of,
    ended_benefits,
    live_beneficiaries,
    reads_served,
    served_by,
    village_items,
    village_page,
)
from assistance.rights import TOTAL_READERS, VILLAGE_KEEPERS
from divisions.models import Division, Level
from divisions.scope import NATION
from households.rights import shown_count
from officers.http import OfficerRequest
from teams.refusals import EntryRefused
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.errors import NotAllowed, Stale


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The measures of the villages of a place, by kind and one by one."""
    refusal = _("Your role does not read about help.")
    place = place_of(request, request.GET.get("division", ""), TOTAL_READERS, refusal)
    today, number = business_date(), page_number(request)
    form = VillageListForm(request.GET, today=today)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "below": Division.objects.in_force(today).below(place.pk)
        if place.level < Level.VILLAGE
        else [],
        "code": form.chosen("code"),
        "year": form.chosen("year"),
    }
    if place.pk != NATION:
        wanted = Wanted(place.pk, context["year"] or None, context["code"])
        page = village_page(request.user, wanted, number=number)
        context |= {"page": page, **turned(request, number, has_next=page.has_next)}
    status = 400 if form.errors else 200
    return render(request, "assistance/villages/list.html", context, status=status)


@require_safe
def show(request: OfficerRequest, item: UUID) -> HttpResponse:
    """One measure: how far it is, whom it serves, which income was shared out."""
    found = measure_of(request, item)
    served = served_by(request.user, found)
    count = live_beneficiaries(found).count()
    keeps = request.user.acting_role in VILLAGE_KEEPERS and found.status in KEPT_STATUSES
    context = {
        "item": found,
        "served": served,
        "reads": reads_served(request.user),
        "count": shown_count(request.user, count),
        "any": count > 0,
        "shares": sum((one.beneficiary.share or 0 for one in served), 0),
        "ended": ended_benefits(found) if reads_served(request.user) else 0,
        "keeps": keeps,
        "bears": bears_income(found),
        "distributions": distributions_of(found) if bears_income(found) else [],
    }
    return render(request, "assistance/villages/measure.html", context)


def measure_of(request: OfficerRequest, key: UUID) -> Item:
    """The measure of the address as the officer sees it, else 404; for who reads of help."""
    found = village_items(request.user).select_related("measure", "plan", "village__parent")
    item = get_object_or_404(found, uuid=key)
    if request.user.acting_role not in TOTAL_READERS:
        raise NotAllowed(_("Your role does not read about help."), code="wrong_role")
    return item


def refuse_others(request: OfficerRequest) -> None:
    """Let only who keeps the measures of villages go on."""
    if request.user.acting_role not in VILLAGE_KEEPERS:
        raise NotAllowed(
            _("The village, its team, the township or the county clerk keeps this."),
            code="wrong_role",
        )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficerRequest, item: UUID) -> HttpResponse:
    """Tick the households that the measure serves from a day on."""
    found = measure_of(request, item)
    refuse_others(request)
    candidates = candidates_of(found)
    form = AddForm(
        request.POST or None,
        candidates=candidates,
        initial={"version": found.version, "since": business_date()},
    )
    context: dict[str, Any] = {"form": form, "item": found}
    status = 200
    if form.is_valid():
        known = form.cleaned_data
        try:
            made = add_beneficiaries(
                found.pk,
                form.shares(),
                since=known["since"],
                version=known["version"],
                by=request.user,
            )
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            found.refresh_from_db()
            form.see(found.version)
            context["stale"], status = stale, stale.status
        else:
            said = ngettext(
                "%(n)s household is served now.", "%(n)s more households are served now.", made
            )
            messages.success(request, said % {"n": made})
            return redirect("assistance:village_measure", found.uuid)
    context["rows"] = form.rows()
    status = 400 if form.errors else status
    return render(request, "assistance/villages/add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, item: UUID) -> HttpResponse:
    """Set the shares of those who are served, and end some."""
    found = measure_of(request, item)
    refuse_others(request)
    form = ChangeForm(
        request.POST or None,
        served=served_by(request.user, found),
        initial={"version": found.version, "last_day": business_date()},
    )
    context: dict[str, Any] = {"form": form, "item": found}
    status = 200
    if form.is_valid():
        known = form.cleaned_data
        try:
            number = change_beneficiaries(
                found.pk,
                form.shares(),
                form.ended(),
                last_day=known["last_day"],
                version=known["version"],
                by=request.user,
            )
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            found.refresh_from_db()
            form.see(found.version)
            context["stale"], status = stale, stale.status
        else:
            said = ngettext("%(n)s household is changed.", "%(n)s households are changed.", number)
            messages.success(request, said % {"n": number})
            return redirect("assistance:village_measure", found.uuid)
    context["rows"] = form.rows()
    status = 400 if form.errors else status
    return render(request, "assistance/villages/change.html", context, status=status)
