"""The list of poor villages, one of them with its figures, its proposal, and its judgements."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Level
from exits.actions.listing import LISTED_LEVEL, list_places
from exits.actions.villages import KIND, current, judge_indicator, propose_village
from exits.forms.places import JudgeForm, ListPlacesForm, ProposeForm
from exits.incidence_bar import incidence_bar
from exits.procedure import VILLAGE_EXIT
from exits.queries.figures import results_of
from exits.queries.listed import (
    Shown,
    VillageRow,
    shown,
    totals_below,
    village_page,
    village_rows,
)
from exits.queries.place_account import incidence_point, incidence_rows, indicator_point
from exits.queries.villages import judged_about
from exits.rights import COUNTY_LISTERS, JUDGES, VILLAGE_LISTERS
from exits.views.places import asked_place, asked_year, listed_of
from officers.http import OfficerRequest
from officers.rules import Role
from teams.views.asked import above, page_number, turned
from teams.views.trying import tried
from trail.dates import business_date
from trail.errors import NotAllowed
from workflow.models import Case

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The poor villages of a county with their figures; above it, how many each place has."""
    place = asked_place(request)
    form, number = asked_year(request, place.pk), page_number(request)
    year = form.wanted_year()
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "may_list": request.user.acting_role in VILLAGE_LISTERS,
    }
    if place.level < Level.COUNTY:
        context["totals"] = totals_below(request.user, place, Level.VILLAGE)
    else:
        page = village_page(request.user, place.pk, year, number=number)
        rows = [(row, bar_of(row.shown)) for row in page.rows]
        context |= {
            "page": page,
            "rows": rows,
            **turned(request, number, has_next=page.has_next),
        }
    status = 400 if form.errors else 200
    return render(request, "exits/villages/list.html", context, status=status)


def bar_of(known: Shown | None) -> str:
    """The incidence as a bar against its limit; nothing while it is unknown."""
    if known is None or known.drawn is None or not known.figures.population:
        return ""
    title = _("Incidence %(incidence)s, limit %(limit)s")
    return incidence_bar(
        title % {"incidence": known.incidence, "limit": known.limit},
        known.drawn,
        known.figures.population,
        limit_bp=known.figures.limit_bp,
    )


@require_http_methods(GET_POST)
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """One village: the formula with its numbers, each indicator; a POST proposes its exit."""
    listed = listed_of(request, code, Level.VILLAGE)
    years = asked_year(request, code)
    year = years.wanted_year()
    form = ProposeForm(request.POST) if request.method == "POST" else None
    outcome = None
    if form:

        def act() -> Case:
            known = form.cleaned_data
            return propose_village(code, year=known["year"], seen=known["seen"], by=request.user)

        outcome = tried(form, act)
        if outcome.result:
            messages.success(request, _("The exit is proposed. The county verifies it now."))
            return redirect("pages:case", outcome.result.pk)
        year = form.cleaned_data.get("year") or year
    row = village_rows(request.user, [listed], year)[0]
    known = row.shown or shown(request.user, current(code, year))
    results = results_of(known.figures.facts, judged_about(code, year))
    context = {
        "listed": listed,
        "row": row,
        "shown": known,
        "year": year,
        "years": years,
        "form": form or years,
        "stale": outcome.stale if outcome else None,
        "bar": bar_of(known),
        "rows": incidence_rows(request.user, known.figures.count),
        "points": [
            incidence_point(known.figures.count),
            *(indicator_point(one) for one in results),
        ],
        "cases": _cases(request, code),
        "propose": _proposal(request, row),
        "may_record": request.user.acting_role in JUDGES,
    }
    status = outcome.status if outcome else 400 if years.errors else 200
    return render(request, "exits/villages/village.html", context, status=status)


def _proposal(request: OfficerRequest, row: VillageRow) -> ProposeForm | None:
    """The form of a proposal on the figures shown; None for who cannot propose now."""
    if request.user.acting_role not in VILLAGE_EXIT.openers or not row.may_go or not row.shown:
        return None
    return ProposeForm(initial={"seen": row.shown.seen, "year": row.shown.figures.year})


def _cases(request: OfficerRequest, code: str) -> list[Case]:
    found = Case.objects.visible_to(request.user).filter(kind=KIND, subject=code)
    return list(found.defer("facts").order_by("-pk"))


@require_http_methods(GET_POST)
def add(request: OfficerRequest) -> HttpResponse:
    """Put villages of the county, or counties of the province, onto their list."""
    role = request.user.acting_role
    if role not in VILLAGE_LISTERS | COUNTY_LISTERS:
        raise NotAllowed(
            _("The county clerk lists villages, the province officer counties."), code="wrong_role"
        )
    level = LISTED_LEVEL[Role(role)]
    target = "exits:villages" if level == Level.VILLAGE else "exits:counties"
    form = ListPlacesForm(request.POST or None)

    def act() -> int:
        known = form.cleaned_data
        made = list_places(
            form.wanted(), listed_on=known["listed_on"], source=known["source"], by=request.user
        )
        return len(made)

    outcome = tried(form, act)
    if outcome.result:
        said = ngettext(
            "%(n)s place stands on the list now.",
            "%(n)s more places stand on the list now.",
            outcome.result,
        )
        messages.success(request, said % {"n": outcome.result})
        return redirect(target)
    context = {"form": form, "of_villages": level == Level.VILLAGE, "list_url": reverse(target)}
    return render(request, "exits/villages/add.html", context, status=outcome.status)


@require_http_methods(GET_POST)
def judge(request: OfficerRequest, case: int, code: str) -> HttpResponse:
    """Say whether an indicator without a figure is met."""
    visible = Case.objects.visible_to(request.user).filter(kind=KIND).select_related("division")
    found = get_object_or_404(visible, pk=case)
    asked = [one for one in results_of(found.facts) if one.code == code and not one.field]
    if not asked:
        raise Http404
    if request.user.acting_role not in JUDGES:
        raise NotAllowed(_("The township and the county clerk judge this."), code="wrong_role")
    form = JudgeForm(request.POST or None, initial={"on": business_date()})
    outcome = tried(form, lambda: judge_indicator(found.pk, code, form.finding(), by=request.user))
    if outcome.result:
        messages.success(request, _("The judgement is recorded."))
        return redirect("pages:case", found.pk)
    context = {"form": form, "case": found, "indicator": asked[0]}
    return render(request, "exits/villages/judge.html", context, status=outcome.status)
