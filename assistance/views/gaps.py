"""Policy gaps of a place: counts by rule and place, the list by village, the list as a file."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assistance.actions.gap_resolving import TAKERS, take_gaps
from assistance.forms.gaps import GapListForm, YearForm
from assistance.models import GapRun, RunState
from assistance.queries.gap_counts import gap_counts, last_search, searched_years
from assistance.queries.gap_list import Wanted, gap_page
from assistance.queries.gap_sheet import gap_sheet
from assistance.rights import GAP_SEEKERS, PLAN_READERS, TOTAL_READERS
from divisions.models import Division, Level
from divisions.scope import NATION
from officers.http import OfficerRequest
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.sheets import FileForm, as_file


def _years(place: Division) -> list[int]:
    return searched_years(place.pk) or [business_date().year]


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """How many gaps stand in a place, by rule, and by place below."""
    refusal = _("Your role does not read what help is due.")
    place = place_of(request, request.GET.get("division", ""), TOTAL_READERS, refusal)
    form, officer, today = YearForm(request.GET, years=_years(place)), request.user, business_date()
    year = form.chosen("year")
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "below": Division.objects.in_force(today).below(place.pk),
        "reads_list": officer.acting_role in PLAN_READERS,
        "may_search": officer.acting_role in GAP_SEEKERS,
    }
    if place.pk != NATION:
        runs = GapRun.objects.visible_to(officer).within(place.pk)
        context |= {
            "counts": gap_counts(officer, place, year, rule=form.chosen("rule"), on=today),
            "rule": form.chosen("rule"),
            "search": last_search(place.pk, year),
            "running": runs.filter(state=RunState.RUNNING).select_related("root"),
            "is_village": place.level == Level.VILLAGE,
        }
    status = 200 if form.is_valid() else 400
    return render(request, "assistance/gaps/index.html", context, status=status)


def _asked(request: OfficerRequest) -> tuple[Division, GapListForm, Wanted]:
    refusal = _("Your role reads figures of gaps, no single households.")
    place = place_of(request, request.GET.get("division", ""), PLAN_READERS, refusal)
    form = GapListForm(request.GET, years=_years(place))
    wanted = Wanted(
        division=place.pk,
        year=form.chosen("year"),
        state=form.chosen("state"),
        rule=form.chosen("rule"),
        kind=form.chosen("kind"),
    )
    return place, form, wanted


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The gaps of a place, village by village."""
    place, form, wanted = _asked(request)
    number, today = page_number(request), business_date()
    page = gap_page(request.user, wanted, today=today, number=number)
    filters = {"division": place.pk, "year": wanted.year, "state": wanted.state}
    filters |= {"rule": wanted.rule, "kind": wanted.kind}
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "wanted": wanted,
        "page": page,
        "may_take": request.user.acting_role in TAKERS,
        "query": urlencode(filters),
        **turned(request, number, has_next=page.has_next),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "assistance/gaps/list.html", context, status=status)


@require_safe
def download(request: OfficerRequest, form: FileForm) -> HttpResponse:
    """The same list as a file."""
    place, _form, wanted = _asked(request)
    sheet = gap_sheet(request.user, place, wanted, today=business_date())
    filters = {"year": wanted.year, "state": wanted.state, "rule": wanted.rule, "kind": wanted.kind}
    taken = take_gaps(place, sheet, wanted=filters, by=request.user)
    return as_file(taken, form, f"gaps-{place.pk}-{wanted.year}")
