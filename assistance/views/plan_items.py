"""Measures of a draft: chosen from the catalogue, entered, changed, taken out, replaced."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance.actions.plan_items import add_item, change_item, drop_item, replace_item
from assistance.actions.planning import require_planner
from assistance.forms.planning import ChangeItemForm, ItemForm, ReasonForm
from assistance.models import Item, Measure, Plan
from assistance.queries.catalogue import catalogue_of
from assistance.queries.choosing import choices_for, confirmations_of
from assistance.queries.items import visible_items
from assistance.rules.measures import Per
from assistance.rules.planning import amount_of, rest_of_year
from assistance.views.plan_drafts import Act, act_page, case_version, helpers_for
from assistance.views.plans import plan_of
from officers.http import OfficerRequest
from teams.views.trying import tried
from trail.dates import business_date

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def choose(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """First step: the measures that such a plan can hold, by category, and for whom they are."""
    found = plan_of(request, plan)
    require_planner(request.user, found.village_id, found.household)
    context = {"plan": found, "categories": choices_for(found)}
    return render(request, "assistance/plans/choose.html", context)


@require_http_methods(GET_POST)
def add(request: OfficerRequest, plan: uuid.UUID, code: str) -> HttpResponse:
    """Second step: whom the measure is for, how much, from which funds, by when."""
    found = plan_of(request, plan)
    measure = _measure(found, code)
    first, last = rest_of_year(found.year, business_date())
    form = ItemForm(
        request.POST or None,
        measure=measure,
        people=_people(found),
        helpers=helpers_for(found),
        initial={
            "version": case_version(found),
            "planned": amount_of(measure.typical_low, Per(measure.typical_per), first, last),
            "responsible": found.helper_id,
            "starts_on": first,
            "due_on": last,
        },
    )

    def act() -> object:
        return add_item(
            found.pk, form.entry(), by=request.user, version=form.cleaned_data["version"]
        )

    words = {"measure": measure.name}
    page = Act(
        _("Add: %(measure)s") % words,
        _("Put it into the plan"),
        _("In the plan: %(measure)s.") % words,
    )
    return _item_page(request, found, measure, form, act, page)


def _item_page(
    request: OfficerRequest, plan: Plan, measure: Measure, form: ItemForm, act: Any, page: Act
) -> HttpResponse:
    require_planner(request.user, plan.village_id, plan.household)
    outcome = tried(form, act, now=lambda: case_version(plan))
    if outcome.result is not None:
        messages.success(request, page.done)
        return redirect("assistance:plan", plan.uuid)
    context = {
        "form": form,
        "plan": plan,
        "page": page,
        "measure": measure,
        "confirmations": confirmations_of(measure),
        "stale": outcome.stale,
        "per_month": measure.typical_per == Per.MONTH,
    }
    return render(request, "assistance/plans/measure.html", context, status=outcome.status)


def _measure(plan: Plan, code: str) -> Measure:
    """The measure of that code as it is offered for the plan, else 404."""
    measure = catalogue_of(plan.village_id, plan.year).get(code)
    if measure is None or (measure.unit == "village") != plan.is_of_village:
        raise Http404
    return measure


def _people(plan: Plan) -> list[tuple[int, str]]:
    """The members of the household, as a form offers them."""
    if plan.household is None:
        return []
    rows = plan.household.members.active().order_by("relation", "pk")
    return [(one.pk, f"{one.name} · {one.get_relation_display()}") for one in rows]


def _item(request: OfficerRequest, key: uuid.UUID) -> tuple[Item, Plan]:
    """The measure of the address as the officer sees it, with its plan; else 404."""
    related = ("measure", "plan", "plan__household", "plan__village", "plan__helper")
    item = get_object_or_404(
        visible_items(request.user).standing().select_related(*related), uuid=key
    )
    return item, plan_of(request, item.plan.uuid)


def _entered(item: Item, plan: Plan) -> dict[str, Any]:
    """What the form of a measure shows at first."""
    return {
        "version": case_version(plan),
        "member": item.member_id,
        "content": item.content,
        "planned": item.planned,
        "funding": item.funding,
        "responsible": item.responsible_id,
        "starts_on": item.starts_on,
        "due_on": item.due_on,
        "confirmed": item.confirmed,
    }


def _change_form(request: OfficerRequest, item: Item, plan: Plan, **first: Any) -> ChangeItemForm:
    measure = _measure(plan, item.code)
    return ChangeItemForm(
        request.POST or None,
        measure=measure,
        people=_people(plan),
        helpers=helpers_for(plan),
        initial=_entered(item, plan) | first,
    )


@require_http_methods(GET_POST)
def change(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Change a measure of a draft, with a reason."""
    found, plan = _item(request, item)
    form = _change_form(request, found, plan)

    def act() -> object:
        known = form.cleaned_data
        return change_item(
            found.pk,
            form.entry(),
            by=request.user,
            version=known["version"],
            reason=known["reason"],
        )

    words = {"measure": form.measure.name}
    page = Act(
        _("Change: %(measure)s") % words,
        _("Save the change"),
        _("Changed: %(measure)s.") % words,
    )
    return _item_page(request, plan, form.measure, form, act, page)


@require_http_methods(GET_POST)
def replace(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Put another in the place of an agreed measure, from the approval of the change on."""
    found, plan = _item(request, item)
    left = found.planned - found.delivered
    first, _last = rest_of_year(plan.year, business_date())
    form = _change_form(request, found, plan, planned=left, starts_on=first, confirmed=False)

    def act() -> object:
        known = form.cleaned_data
        return replace_item(
            found.pk,
            form.entry(),
            by=request.user,
            version=known["version"],
            reason=known["reason"],
        )

    words = {"measure": form.measure.name}
    page = Act(
        _("Agree anew on: %(measure)s") % words,
        _("Put it into the change"),
        _("In the change: %(measure)s.") % words,
        _("What is agreed ends when the change is approved. Enter what comes in its place."),
    )
    return _item_page(request, plan, form.measure, form, act, page)


@require_http_methods(GET_POST)
def drop(request: OfficerRequest, item: uuid.UUID) -> HttpResponse:
    """Take a measure out of a draft, with a reason."""
    found, plan = _item(request, item)
    form = ReasonForm(request.POST or None, initial={"version": case_version(plan)})

    def act() -> object:
        known = form.cleaned_data
        return drop_item(
            found.pk, by=request.user, version=known["version"], reason=known["reason"]
        )

    words = {"measure": found.measure.name}
    page = Act(
        _("Take out of the plan: %(measure)s") % words,
        _("Take it out"),
        _("Taken out: %(measure)s.") % words,
        is_danger=True,
    )
    return act_page(request, plan, form, act, page)
