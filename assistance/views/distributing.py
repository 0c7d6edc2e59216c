"""The pages of asset income: sharing it out, one distribution, totals by household and year."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance.actions.distributing import (
    bears_income,
    record_distribution,
    take_income,
    withdraw_distribution,
)
from assistance.forms.villages import DistributionForm, WithdrawForm, YearForm
from assistance.models import Distribution
from assistance.queries.distributions import (
    asset_income,
    income_sheet,
    lines_of,
    totals_of,
    visible_distributions,
)
from assistance.queries.villages import reads_served, served_by
from assistance.rights import TOTAL_READERS, VILLAGE_KEEPERS
from assistance.rules.distributing import weak_first
from assistance.views.villages import measure_of, refuse_others
from divisions.models import Division, Level
from divisions.scope import NATION
from officers.http import OfficerRequest
from teams.refusals import EntryRefused
from teams.views.asked import above, place_of
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.sheets import FileForm, as_file


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficerRequest, item: UUID) -> HttpResponse:
    """Share out an income; the button "Propose the parts" fills the table in and keeps nothing."""
    found = measure_of(request, item)
    refuse_others(request)
    if not bears_income(found):
        raise Refused(_("This measure bears no income to share out."), code="no_income")
    people = {one.household.pk: one for one in served_by(request.user, found)}
    ordered = weak_first(one.claim for one in people.values())
    today = business_date()
    form = DistributionForm(
        request.POST or None,
        served=[people[one.household] for one in ordered],
        initial={
            "version": found.version,
            "year": today.year,
            "decided_on": today,
            "paid_on": today,
        },
    )
    context: dict[str, Any] = {"form": form, "item": found}
    status = 200
    if "propose" in request.POST:
        form.propose(ordered)
        context["proposed"] = not form.errors
    elif form.is_valid():
        try:
            made = record_distribution(
                found.pk, form.entry(), version=form.cleaned_data["version"], by=request.user
            )
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            found.refresh_from_db()
            form.see(found.version)
            context["stale"], status = stale, stale.status
        else:
            messages.success(request, _("The distribution is recorded."))
            return redirect("assistance:distribution", made.uuid)
    context["rows"] = form.rows()
    status = 400 if form.errors else status
    return render(request, "assistance/villages/distribute.html", context, status=status)


def _distribution(request: OfficerRequest, key: UUID) -> Distribution:
    """The distribution of the address as the officer sees it, else 404; for who reads of help."""
    found = get_object_or_404(visible_distributions(request.user), uuid=key)
    if request.user.acting_role not in TOTAL_READERS:
        raise NotAllowed(_("Your role does not read about help."), code="wrong_role")
    return found


@require_safe
def show(request: OfficerRequest, distribution: UUID) -> HttpResponse:
    """One distribution with the part of each household, as it can be posted in the village."""
    found = _distribution(request, distribution)
    context = {
        "distribution": found,
        "lines": lines_of(request.user, found),
        "reads": reads_served(request.user),
        "paid": found.total - found.kept,
        "may_withdraw": request.user.acting_role in VILLAGE_KEEPERS and not found.withdrawn_at,
    }
    return render(request, "assistance/villages/distribution.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OfficerRequest, distribution: UUID) -> HttpResponse:
    """Take a distribution back that was recorded wrongly."""
    found = _distribution(request, distribution)
    refuse_others(request)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            withdraw_distribution(found.pk, reason=form.cleaned_data["reason"], by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The distribution is taken back. It counts no more."))
            return redirect("assistance:distribution", found.uuid)
    context = {"form": form, "distribution": found}
    status = 400 if form.errors else 200
    return render(request, "assistance/villages/withdraw.html", context, status=status)


def _asked(request: OfficerRequest) -> tuple[Division, int, YearForm]:
    refusal = _("Your role does not read about help.")
    place = place_of(request, request.GET.get("division", ""), TOTAL_READERS, refusal)
    today = business_date()
    form = YearForm({"year": str(today.year), **request.GET.dict()}, today=today)
    return place, form.chosen("year") or today.year, form


@require_safe
def income(request: OfficerRequest) -> HttpResponse:
    """The asset income of a year: by place, in a village by household."""
    place, year, form = _asked(request)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "is_village": place.level == Level.VILLAGE,
        "reads": reads_served(request.user),
    }
    if place.pk != NATION:
        context["income"] = asset_income(request.user, place, year)
    if place.level == Level.VILLAGE:
        context["households"] = totals_of(request.user, place.pk, year)
    status = 400 if form.errors else 200
    return render(request, "assistance/villages/income.html", context, status=status)


@require_safe
def download(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The same rows as a file."""
    place, year, _form = _asked(request)
    if place.pk == NATION:
        raise Refused(_("Choose a province: a nation has too many places for one file."))
    sheet = income_sheet(request.user, place, year)
    taken = take_income(place, sheet, year=year, by=request.user)
    return as_file(taken, form, f"asset-income-{year}-{place.pk}")
