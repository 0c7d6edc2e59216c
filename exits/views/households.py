"""The pages about households that exit: proposals, the plan list, tracking, who came back."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Division
from divisions.scope import NATION
from exits.actions.opening import propose_exit, propose_removal, propose_revocation, standard_of
from exits.actions.renewing import rest_on_new_survey
from exits.forms.households import ReasonForm, RemovalForm, SurveyForm, YearForm
from exits.procedure import EXIT, REMOVAL, REVOCATION
from exits.queries import plan_list, tracking
from exits.queries.household import latest_years
from exits.queries.proposing import (
    newer_survey,
    prospect_of,
    years_on_record,
    years_to_exit_on,
)
from exits.queries.returns import returns_of
from exits.queries.signed import exit_behind, signed_of
from exits.rights import PLACE_READERS
from households.models import Household
from households.queries import visible_households
from households.rights import reads_names
from officers.http import OfficerRequest
from teams.forms.judged import JudgedForm
from teams.queries.visits import heads_of
from teams.views.asked import above, page_number, place_of, turned
from teams.views.trying import tried
from trail.dates import business_date
from trail.errors import NotAllowed
from workflow.machine import Machine
from workflow.models import Case

FIRST_YEAR = 2014
YEARS_BACK = 6


def household_of(request: OfficerRequest, number: str, machine: Machine) -> Household:
    """The household of the address within the posting, else 404; for who opens such cases."""
    found = visible_households(request.user).select_related("village")
    household = get_object_or_404(found, number=number)
    if request.user.acting_role not in machine.openers:
        raise NotAllowed(_("Your role does not open this procedure."), code="wrong_role")
    return household


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: OfficerRequest, number: str) -> HttpResponse:
    """Propose the exit of a household; the page shows what stands against it."""
    household = household_of(request, number, EXIT)
    years = years_to_exit_on(household)
    form = YearForm(request.POST or None, years=years, initial=_year_asked(request, years))
    context = _prospect(request, household, years)

    def act() -> Case:
        return propose_exit(household, by=request.user, year=form.cleaned_data["year"])

    return _opened(request, form, act, "exits/household/propose.html", household, context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OfficerRequest, number: str) -> HttpResponse:
    """Ask to remove a household that never belonged onto the register."""
    household = household_of(request, number, REMOVAL)
    years = years_on_record(household)
    form = RemovalForm(request.POST or None, years=years, initial=_year_asked(request, years))

    def act() -> Case:
        return propose_removal(household, by=request.user, **form.cleaned_data)

    context = {"years": years}
    return _opened(request, form, act, "exits/household/remove.html", household, context)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: OfficerRequest, number: str) -> HttpResponse:
    """Ask to take an exit back; the page shows who signed it."""
    household = household_of(request, number, REVOCATION)
    form = ReasonForm(request.POST or None)
    case = exit_behind(household)

    def act() -> Case:
        return propose_revocation(household, by=request.user, **form.cleaned_data)

    context = {"signed": signed_of([case])[0] if case else None}
    return _opened(request, form, act, "exits/household/revoke.html", household, context)


def _opened(
    request: OfficerRequest,
    form: JudgedForm,
    act: Callable[[], Case],
    template: str,
    household: Household,
    context: Mapping[str, Any],
) -> HttpResponse:
    """Open the case of a sound form and lead to it; else the page with what is wrong."""
    outcome = tried(form, act)
    if outcome.result:
        messages.success(request, _("The case is open. It goes on as its page says."))
        return redirect("pages:case", outcome.result.pk)
    head = heads_of([household.pk]).get(household.pk, "")
    shown = {"form": form, "household": household, "head": head, **context}
    return render(request, template, shown, status=outcome.status)


def _year_asked(request: OfficerRequest, years: list[int]) -> dict[str, int]:
    """The year of the address among those on record, else the latest one."""
    asked = request.GET.get("year", "")
    found = next((year for year in years if str(year) == asked), None)
    return {"year": found or years[0]} if years else {}


def _prospect(request: OfficerRequest, household: Household, years: list[int]) -> dict[str, Any]:
    if not years:
        latest = latest_years([household.number]).get(household.number)
        return {"prospect": None, "latest": latest}
    year = _year_asked(request, years)["year"]
    return {"prospect": prospect_of(household, year, standard_of(household, year))}


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: OfficerRequest, case: int) -> HttpResponse:
    """Let a planned exit rest on the survey of a later year."""
    visible = Case.objects.visible_to(request.user).filter(kind=EXIT.kind)
    found = get_object_or_404(visible, pk=case)
    if request.user.acting_role not in EXIT.openers:
        raise NotAllowed(_("Your role does not open this procedure."), code="wrong_role")
    newer = newer_survey(found)
    form = SurveyForm(request.POST or None, initial={"version": found.version})

    def version() -> int:
        return Case.objects.visible_to(request.user).get(pk=found.pk).version

    outcome = tried(
        form,
        lambda: rest_on_new_survey(found.pk, by=request.user, **form.cleaned_data),
        now=version,
    )
    if outcome.result:
        messages.success(request, _("The case rests on the new facts now."))
        return redirect("pages:case", found.pk)
    context = {"form": form, "case": found, "newer": newer, "stale": outcome.stale}
    return render(request, "exits/household/survey.html", context, status=outcome.status)


@require_safe
def plan(request: OfficerRequest) -> HttpResponse:
    """The exits of a year that are planned in a place, and how far they are."""
    place, year = _place(request), _year(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in plan_list.KINDS else plan_list.ALL
    number = page_number(request)
    context = _around(request, place, year)
    if place.pk != NATION:
        found = plan_list.plan_list(request.user, place, year, kind=kind, number=number)
        context |= {"page": found, "kind": kind, "kinds": plan_list.KINDS}
        context |= turned(request, number, has_next=found.has_next)
    return render(request, "exits/household/plan.html", context)


@require_safe
def tracked(request: OfficerRequest) -> HttpResponse:
    """Who is looked after since his exit, in a place."""
    place = _place(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in tracking.KINDS else tracking.ALL
    number = page_number(request)
    context = _around(request, place, business_date().year)
    if place.pk != NATION:
        found = tracking.tracking_page(
            request.user, place, kind=kind, number=number, today=business_date()
        )
        context |= {"page": found, "kind": kind}
        context |= turned(request, number, has_next=found.has_next)
    return render(request, "exits/household/tracking.html", context)


@require_safe
def returns(request: OfficerRequest) -> HttpResponse:
    """Who came back onto the register in a year, and who had signed the exit."""
    place, year = _place(request), _year(request)
    context = _around(request, place, year)
    if place.pk != NATION:
        context["found"] = returns_of(request.user, place, year)
    return render(request, "exits/household/returns.html", context)


def _place(request: OfficerRequest) -> Division:
    refusal = _("Your role does not read about exits.")
    return place_of(request, request.GET.get("division", ""), PLACE_READERS, refusal)


def _year(request: OfficerRequest) -> int:
    """The year of the address, the present one for anything odd."""
    this = business_date().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else this
    return year if FIRST_YEAR <= year <= this else this


def _around(request: OfficerRequest, place: Division, year: int) -> dict[str, Any]:
    this = business_date().year
    return {
        "place": place,
        "above": above(request, place),
        "year": year,
        "years": sorted({year, *range(max(FIRST_YEAR, this - YEARS_BACK), this + 1)}, reverse=True),
        "below": Division.objects.in_force(business_date()).below(place.pk),
        "reads_names": reads_names(request.user),
    }
