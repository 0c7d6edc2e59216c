"""The indicators that a place asks of the exit of a village, and their versions."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exits.actions.indicators import confirm_indicator, writable_years, write_indicator
from exits.forms.places import IndicatorForm, NewIndicatorForm
from exits.models import Indicator
from exits.queries.indicators import indicators_in_force, versions_for, waiting_in
from exits.rights import INDICATOR_CONFIRMERS, INDICATOR_KEEPERS
from exits.views.places import asked_place, asked_year, refuse_others
from households.village_fields import fields
from officers.http import OfficerRequest
from teams.views.asked import above
from teams.views.trying import Tried, tried
from trail.errors import NotAllowed, Refused

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """What is asked of a village in a place and year."""
    place = asked_place(request)
    form = asked_year(request, place.pk)
    year = form.wanted_year()
    known = fields()
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "rows": [(one, known.get(one.field)) for one in indicators_in_force(place.pk, year)],
        "waiting": waiting_in(place.pk),
        "keeps": request.user.acting_role in INDICATOR_KEEPERS,
    }
    status = 400 if form.errors else 200
    return render(request, "exits/indicators/list.html", context, status=status)


@require_safe
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """One indicator with every version that can hold in the posting."""
    return _shown(request, code)


def _shown(
    request: OfficerRequest, code: str, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    versions = _versions(request, code)
    known, officer = fields(), request.user
    confirms = officer.acting_role in INDICATOR_CONFIRMERS
    context = {
        "indicator": versions[0],
        "versions": [(one, known.get(one.field)) for one in versions],
        "keeps": officer.acting_role in INDICATOR_KEEPERS,
        "confirmable": [
            (one, known.get(one.field))
            for one in versions
            if one.waits and confirms and one.set_by_id != officer.pk
        ],
        "refusal": refusal,
    }
    return render(request, "exits/indicators/indicator.html", context, status=status)


@require_POST
def confirm(request: OfficerRequest, version: int) -> HttpResponse:
    """Let a version hold that another officer wrote; what stands against it is said on its page."""
    place = request.user.acting_division
    code = get_object_or_404(Indicator, pk=version).code
    found = get_object_or_404(versions_for(code, place), pk=version)
    refuse_others(request)
    try:
        confirm_indicator(found.pk, by=request.user)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _shown(request, code, refusal, refusal.status)
    messages.success(request, _("The indicator holds so from %(year)s on.") % {"year": found.year})
    return redirect("exits:indicator", code)


def _versions(request: OfficerRequest, code: str) -> list[Indicator]:
    found = list(versions_for(code, request.user.acting_division))
    if not found:
        raise Http404
    refuse_others(request)
    return found


def _refuse_readers(request: OfficerRequest) -> None:
    if request.user.acting_role not in INDICATOR_KEEPERS:
        raise NotAllowed(_("The province officer keeps the indicators."), code="wrong_role")


@require_http_methods(GET_POST)
def change(request: OfficerRequest, code: str) -> HttpResponse:
    """A new version of an indicator for the province."""
    versions = _versions(request, code)
    _refuse_readers(request)
    newest = max(versions, key=lambda one: one.pk)
    form = IndicatorForm(request.POST or None, years=writable_years(), before=newest)
    outcome = tried(
        form,
        lambda: write_indicator(code, form.entry(), seen=form.seen_key(), by=request.user),
        now=lambda: max(one.pk for one in _versions(request, code)),
    )
    return _written(request, form, outcome, newest)


@require_http_methods(GET_POST)
def add(request: OfficerRequest) -> HttpResponse:
    """A new indicator of the province."""
    _refuse_readers(request)
    form = NewIndicatorForm(request.POST or None, years=writable_years(), before=None)

    def act() -> Indicator:
        code = form.cleaned_data["code"]
        return write_indicator(code, form.entry(), seen=None, by=request.user)

    return _written(request, form, tried(form, act), None)


def _written(
    request: OfficerRequest,
    form: IndicatorForm,
    outcome: Tried[Indicator],
    before: Indicator | None,
) -> HttpResponse:
    if outcome.result:
        text = _("The version is written. The province approver, another officer, confirms it.")
        messages.success(request, text)
        return redirect("exits:indicator", outcome.result.code)
    context = {"form": form, "indicator": before, "stale": outcome.stale}
    return render(request, "exits/indicators/form.html", context, status=outcome.status)
