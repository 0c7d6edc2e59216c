"""Plans of a place and year, and the page of one of them."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assistance.forms.planning import PlanListForm
from assistance.models import Plan
from assistance.procedure import PLANNERS
from assistance.queries.plan_account import plan_view
from assistance.queries.plan_list import (
    COUNTY_DIGITS,
    KIND_LABELS,
    Kind,
    Wanted,
    counts_of,
    counts_shown,
    plan_page,
)
from assistance.queries.plans import visible_plans
from assistance.rights import PLAN_READERS, TOTAL_READERS
from divisions.models import Division, Level
from officers.http import OfficerRequest
from officers.rules import Role
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date

VILLAGE_PLANNERS = PLANNERS - {Role.HELPER}


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The plans of a place and year, or who has none; only figures for who reads no names."""
    refusal = _("Your role does not read about help.")
    place = place_of(request, request.GET.get("division", ""), TOTAL_READERS, refusal)
    today = business_date()
    form = PlanListForm(request.GET, today=today)
    wanted = Wanted(place.pk, form.wanted_year(), form.wanted_kind())
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "below": Division.objects.in_force(today).below(place.pk)
        if place.level < Level.VILLAGE
        else [],
        "wanted": wanted,
        "reads": request.user.acting_role in PLAN_READERS,
        "helps": request.user.acting_role == Role.HELPER,
        "plans_here": request.user.acting_role in PLANNERS,
        "plans_village": request.user.acting_role in VILLAGE_PLANNERS
        and place.level == Level.VILLAGE,
        "is_counted": len(place.pk) >= COUNTY_DIGITS,
    }
    if context["is_counted"]:
        context |= _lines(request, wanted)
    status = 400 if form.errors else 200
    return render(request, "assistance/plans/list.html", context, status=status)


def _lines(request: OfficerRequest, wanted: Wanted) -> dict[str, Any]:
    today, number = business_date(), page_number(request)
    counts = counts_of(request.user, wanted, today=today)
    shown = counts_shown(request.user, counts)
    found = {
        "chips": [(kind, label, shown[kind]) for kind, label in KIND_LABELS.items()],
        "count": counts[wanted.kind],
        "shows_none": wanted.kind is Kind.NONE,
    }
    if request.user.acting_role not in PLAN_READERS:
        return found
    page = plan_page(request.user, wanted, number=number, count=found["count"], today=today)
    return found | {"page": page, **turned(request, number, has_next=page.has_next)}


def plan_of(request: OfficerRequest, key: uuid.UUID) -> Plan:
    """The plan of the address as the officer sees it, else 404."""
    related = ("household", "village", "helper", "carried_from")
    return get_object_or_404(visible_plans(request.user).select_related(*related), uuid=key)


@require_safe
def show(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """One plan: goal, measures by category, signatures, where its case stands, what to do."""
    found = plan_of(request, plan)
    context = {
        "plan": found,
        "view": plan_view(request.user, found),
        "reads_cases": request.user.acting_role != Role.HELPER,
    }
    return render(request, "assistance/plans/plan.html", context)
