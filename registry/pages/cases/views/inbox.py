"""The inbox, and deciding several of its cases together."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Division
from divisions.scope import reaches
from officers.http import OfficerRequest
from registry.pages.cases.batch import (
    DONE,
    RESULTS,
    Place,
    batch_of,
    decide_together,
    goes_in_batches,
    tallies,
)
from registry.pages.cases.checks import checks_of
from registry.pages.cases.following import list_of, query_of
from registry.pages.cases.forms import BatchForm, InboxForm
from registry.pages.cases.inbox import TABS, inbox, villages_of
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.machine import Machine
from workflow.procedures import machines

RESULT = "batch_result"


@require_safe
def inbox_page(request: OfficerRequest) -> HttpResponse:
    listed = list_of(request.user, request.GET)
    form = InboxForm(request.GET, villages=villages_of(request.user, ""), listed=listed)
    wanted = form.wanted()
    page = inbox(request.user, wanted, today=business_date())
    context = {
        "page": page,
        "form": form,
        "wanted": wanted,
        "in_list": query_of(wanted),
        "tabs": [(name, label, form.query(tab=name)) for name, label in TABS.items()],
        "tallies": tallies(request.user, wanted.village) if wanted.village else [],
        "checks": checks_of(request.user, today=business_date()),
        "previous_url": form.query(page=page.number - 1) if page.number > 1 else "",
        "next_url": form.query(page=page.number + 1) if page.number < page.last_number else "",
    }
    return render(request, "cases/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def batch_page(request: OfficerRequest, village: str, kind: str, state: str) -> HttpResponse:
    division = _village_of(request, village)
    place = _place_of(request, division, kind, state)
    batch = batch_of(request.user, place, today=business_date())
    form = BatchForm(request.POST or None, step=place.step, today=business_date())
    form.offer(batch.rows)
    answer = _decide(request, place, form) if form.is_valid() else None
    if answer:
        return answer
    context = {
        "place": place,
        "division": division,
        "procedure": _(place.machine.label),
        "label": _(place.step.label),
        "state": _(place.machine.states[state]),
        "batch": batch,
        "form": form,
        "lines": form.lines(batch.rows),
        "told": _told(request, place),
    }
    return render(request, "cases/batch.html", context, status=400 if form.errors else 200)


def _village_of(request: OfficerRequest, village: str) -> Division:
    """The village of the address within the officer's posting, else 404."""
    found = Division.objects.filter(pk=village).first()
    if found is None or not reaches(request.user, village):
        raise Http404
    return found


def _place_of(request: OfficerRequest, division: Division, kind: str, state: str) -> Place:
    """What the address names, else 404; NotAllowed for a step of somebody else."""
    machine: Machine | None = next((one for one in machines() if one.kind == kind), None)
    if machine is None or state not in machine.states or state in machine.final_states():
        raise Http404
    place = Place(division.pk, kind, state)
    if not goes_in_batches(place) or request.user.acting_role not in place.step.roles:
        raise NotAllowed(_("Another role takes this step."))
    return place


def _decide(request: OfficerRequest, place: Place, form: BatchForm) -> HttpResponse | None:
    """Decide what is ticked, and lead back to the page, which then tells what became of each."""
    try:
        results = decide_together(
            place,
            form.orders(),
            by=request.user,
            note=form.cleaned_data["note"],
            notes=form.notes(),
            evidence=form.evidence(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    count = sum(one.result == DONE for one in results)
    text = ngettext("%(count)s case done.", "%(count)s cases done.", count)
    messages.success(request, text % {"count": count})
    rows = [[one.case, one.subject, one.result, one.message] for one in results]
    request.session[RESULT] = [place.village, place.kind, place.state, rows]
    return redirect("pages:batch", place.village, place.kind, place.state)


def _told(request: OfficerRequest, place: Place) -> list[dict[str, Any]]:
    """What became of each case of the batch that was just decided here; told once."""
    kept = request.session.get(RESULT)
    if not kept or kept[:3] != [place.village, place.kind, place.state]:
        return []
    if request.method == "GET":
        del request.session[RESULT]
    return [
        {"case": case, "subject": subject, "result": result, "label": RESULTS[result], "why": why}
        for case, subject, result, why in kept[3]
    ]
