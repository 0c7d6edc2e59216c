"""What came of a plan: what changed for the household since, and the yearly evaluation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance.actions.evaluating import evaluate_plan
from assistance.forms.evaluating import EvaluationForm
from assistance.models import Plan
from assistance.queries.distributions import asset_income_of
from assistance.queries.evaluations import (
    SATISFACTION_NAMES,
    effect_on,
    evaluation_of,
    items_evaluated,
    may_evaluate,
)
from assistance.queries.plans import visible_plans
from assistance.rights import EVALUATORS
from households.explain import LABELS
from officers.http import OfficerRequest
from teams.queries.visits import heads_of
from teams.refusals import EntryRefused
from trail.errors import NotAllowed, Stale


def _plan(request: OfficerRequest, key: UUID) -> Plan:
    """The plan of the address as the officer sees it, else 404."""
    found = visible_plans(request.user).select_related("village", "household", "evaluated_by")
    return get_object_or_404(found, uuid=key)


def _context(request: OfficerRequest, plan: Plan) -> dict[str, Any]:
    household = plan.household
    effect = effect_on(household, plan.year) if household else None
    head = heads_of([household.pk]).get(household.pk, household.number) if household else ""
    return {
        "plan": plan,
        "head": head,
        "effect": effect,
        "kinds": [(LABELS[name], one) for name, one in effect.kinds.items()] if effect else [],
        "mended": [LABELS[name] for name in effect.mended] if effect else [],
        "lost": [LABELS[name] for name in effect.lost] if effect else [],
    }


@require_safe
def show(request: OfficerRequest, plan: UUID) -> HttpResponse:
    """What changed since help began, what came of each measure, what the household says."""
    found = _plan(request, plan)
    items, evaluated = items_evaluated(found), evaluation_of(found)
    grade = found.satisfaction
    context = _context(request, found) | {
        "evaluated": evaluated,
        "lines": [(one, evaluated.items.get(one.pk) if evaluated else None) for one in items],
        "satisfaction": SATISFACTION_NAMES[grade] if grade else "",
        "may_evaluate": may_evaluate(request.user, found),
        "asset_income": asset_income_of(found.household) if found.household else [],
    }
    return render(request, "assistance/effect/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: OfficerRequest, plan: UUID) -> HttpResponse:
    """Evaluate a plan; what somebody else changed meanwhile is told, and what was typed kept."""
    found = _plan(request, plan)
    if request.user.acting_role not in EVALUATORS:
        raise NotAllowed(_("Your role does not evaluate plans."), code="wrong_role")
    form = EvaluationForm(
        request.POST or None, items=items_evaluated(found), initial={"version": found.version}
    )
    context: dict[str, Any] = {"form": form}
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            evaluate_plan(found.pk, form.evaluation(), version=seen, by=request.user)
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as stale:
            found.refresh_from_db()
            form.see(found.version)
            context["stale"], status = stale, stale.status
        else:
            messages.success(request, _("The evaluation is kept."))
            return redirect("assistance:plan_effect", found.uuid)
    context |= _context(request, found)
    status = 400 if form.errors else status
    return render(request, "assistance/effect/evaluate.html", context, status=status)
