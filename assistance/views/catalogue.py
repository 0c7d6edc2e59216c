"""The catalogue of measures: the list of a place and year, a measure, its new version."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance.actions.catalogue import (
    add_measure,
    withdraw_measure,
    writable_years,
    write_version,
)
from assistance.forms.catalogue import (
    CatalogueForm,
    EntryForm,
    NewMeasureForm,
    VersionForm,
    WithdrawMeasureForm,
    said_before,
)
from assistance.models import Measure
from assistance.models.catalogue import UNIT_NAMES
from assistance.queries.catalogue import latest_version, standing_version
from assistance.queries.catalogue_page import account_of, keeps_catalogue, sections_of
from assistance.rights import TOTAL_READERS
from assistance.rules.measures import Unit
from divisions.models import Division, Level
from officers.http import OfficerRequest
from teams.views.asked import above, place_of
from teams.views.trying import tried
from trail.dates import business_date
from trail.errors import NotAllowed

GET_POST = ["GET", "HEAD", "POST"]
FIRST_YEAR = 2014


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """What is offered in a place and year, by category."""
    place, form = _place(request), _filters(request)
    year = form.wanted_year()
    sections = sections_of(
        place.pk, year, category=form.chosen("category"), unit=form.chosen("unit")
    )
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "below": _below(place),
        "year": year,
        "query": _query(place, year),
        "sections": sections,
        "count": sum(len(one.measures) for one in sections),
        "keeps": keeps_catalogue(request.user),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "assistance/catalogue/list.html", context, status=status)


@require_safe
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """One measure as it holds in a place and year, with all versions that can hold there."""
    _newest(code, request.GET.get("division") or request.user.acting_division)
    place, form = _place(request), _filters(request)
    year = form.wanted_year()
    account = account_of(code, place.pk, year)
    if account is None:
        raise Http404
    context = {
        "account": account,
        "measure": account.standing,
        "place": place,
        "above": above(request, place),
        "year": year,
        "query": _query(place, year),
        "keeps": keeps_catalogue(request.user),
    }
    return render(request, "assistance/catalogue/measure.html", context)


@require_http_methods(GET_POST)
def change(request: OfficerRequest, code: str) -> HttpResponse:
    """A new version of a measure for the officer's own place."""
    newest = _newest(code, request.user.acting_division)
    place, years = _kept(request), writable_years()
    standing = standing_version(code, place.pk, years[0]) or newest
    form = VersionForm(
        request.POST or None,
        unit=standing.unit,
        years=years,
        standing=standing,
        initial=said_before(standing) | {"year": years[0], "version": newest.pk},
    )

    def act() -> Measure:
        seen = form.cleaned_data["version"]
        return write_version(code, form.entry(), by=request.user, seen=seen)

    said = _("The new version holds from %(year)s on.")
    return _entered(request, form, act, place, standing, said)


@require_http_methods(GET_POST)
def add(request: OfficerRequest) -> HttpResponse:
    """A measure of the officer's own place, for persons, households or villages."""
    place = _kept(request)
    asked = request.GET.get("unit", "")
    unit = asked if asked in set(Unit) else Unit.HOUSEHOLD
    years = writable_years()
    form = NewMeasureForm(
        request.POST or None, unit=unit, years=years, standing=None, initial={"year": years[0]}
    )

    def act() -> Measure:
        return add_measure(form.kind(), form.entry(), by=request.user)

    said = _("The measure is offered from %(year)s on.")
    return _entered(request, form, act, place, None, said)


@require_http_methods(GET_POST)
def withdraw(request: OfficerRequest, code: str) -> HttpResponse:
    """Let a measure not be offered any more in the officer's own place."""
    newest = _newest(code, request.user.acting_division)
    place, years = _kept(request), writable_years()
    form = WithdrawMeasureForm(
        request.POST or None, years=years, initial={"year": years[0], "version": newest.pk}
    )

    def act() -> Measure:
        known = form.cleaned_data
        return withdraw_measure(
            code,
            year=known["year"],
            source=known["source"],
            by=request.user,
            seen=known["version"],
        )

    outcome = tried(form, act, now=lambda: _newest(code, place.pk).pk)
    if outcome.result:
        messages.success(request, _("The measure is not offered any more from that year on."))
        return redirect(_address(outcome.result, place))
    context = {"form": form, "measure": newest, "place": place, "stale": outcome.stale}
    return render(request, "assistance/catalogue/withdraw.html", context, status=outcome.status)


def _entered(
    request: OfficerRequest,
    form: EntryForm,
    act: Callable[[], Measure],
    place: Division,
    standing: Measure | None,
    said: str,
) -> HttpResponse:
    """The form of a version; once it is written, its page."""
    code = standing.code if standing else ""
    outcome = tried(form, act, now=lambda: _newest(code, place.pk).pk)
    if outcome.result:
        messages.success(request, said % {"year": outcome.result.year})
        return redirect(_address(outcome.result, place))
    context = {
        "form": form,
        "measure": standing,
        "place": place,
        "whom": UNIT_NAMES[form.unit],
        "units": [(str(key), name) for key, name in UNIT_NAMES.items() if key != form.unit],
        "stale": outcome.stale,
        "newest": _newest(code, place.pk) if outcome.stale else None,
    }
    return render(request, "assistance/catalogue/form.html", context, status=outcome.status)


def _address(measure: Measure, place: Division) -> str:
    """The page of a measure as it holds in a place and year."""
    address = reverse("assistance:measure", args=[measure.code])
    return f"{address}?{_query(place, measure.year)}"


def _query(place: Division, year: int) -> str:
    return f"division={place.pk}&year={year}"


def _place(request: OfficerRequest) -> Division:
    refusal = _("Your role does not read the catalogue of measures.")
    return place_of(request, request.GET.get("division", ""), TOTAL_READERS, refusal)


def _filters(request: OfficerRequest) -> CatalogueForm:
    this = business_date().year
    return CatalogueForm(request.GET, years=range(this + 1, FIRST_YEAR - 1, -1), this=this)


def _below(place: Division) -> list[Division]:
    """The places below that can speak for themselves."""
    if place.level >= Level.COUNTY:
        return []
    return list(Division.objects.in_force(business_date()).below(place.pk))


def _kept(request: OfficerRequest) -> Division:
    place = keeps_catalogue(request.user)
    if place is None:
        raise NotAllowed(
            _("The county clerk and the province officer keep the catalogue."), code="wrong_role"
        )
    return place


def _newest(code: str, place: str) -> Measure:
    """The newest version that can hold in a division, else 404, whatever the role."""
    found = latest_version(code, place)
    if found is None:
        raise Http404
    return found
