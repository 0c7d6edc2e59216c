"""What all views about a case share: its row, its head, an act tried, and a conflict."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from officers.http import OfficerRequest
from registry.pages.cases.following import list_of, query_of
from registry.pages.cases.forms import ActForm
from registry.pages.cases.inbox import subjects_of, visible_cases
from registry.pages.cases.since import acts_since, facts_since
from trail.errors import NotAllowed, Refused
from workflow.actions import record_look
from workflow.errors import Incomplete
from workflow.models import Case
from workflow.procedures import machine_of


def case_of(request: OfficerRequest, key: int) -> Case:
    """The case of the address within the officer's posting, else 404."""
    found = visible_cases(request.user).select_related("division", "proposed_by")
    return get_object_or_404(found, pk=key)


def frame_of(request: OfficerRequest, case: Case) -> dict[str, Any]:
    """What every page about a case shows at its head."""
    machine = machine_of(case.kind)
    return {
        "case": case,
        "procedure": _(machine.label),
        "state": _(machine.states[case.state]),
        "subject": subjects_of(request.user, [case.subject]).get(case.subject),
    }


def nothing_more(_case: Case) -> None:
    """No form stands on the page of a conflict."""


def attempt(
    request: OfficerRequest,
    case: Case,
    form: ActForm,
    act: Callable[[], object],
    again: Callable[[Case], ActForm | None] = nothing_more,
) -> HttpResponse | None:
    """Do the act when the form is sound; faults go to the form, a conflict to its own page.

    `again` is the form to send once more for the case as it stands by then, if that is possible.
    """
    if not form.is_valid():
        return None
    try:
        act()
    except Incomplete as refusal:
        form.take_faults(refusal.details["fields"])
    except NotAllowed:
        raise
    except Refused as refusal:
        return conflict(request, case, form, refusal, again)
    return None


def turned_away(
    request: OfficerRequest, case: Case, check: Callable[[], object]
) -> HttpResponse | None:
    """Why a form is not shown now, with the way back to the case; None when `check` passes."""
    try:
        check()
    except Refused as refusal:
        context = frame_of(request, case) | {
            "refusal": refusal,
            "in_list": query_of(list_of(request.user, request.GET)),
        }
        return render(request, "cases/conflict.html", context, status=refusal.status)
    return None


def conflict(
    request: OfficerRequest,
    case: Case,
    form: ActForm,
    refusal: Refused,
    again: Callable[[Case], ActForm | None],
) -> HttpResponse:
    """Why nothing was saved, what differs, and what the officer had typed, to be sent again."""
    now = case_of(request, case.pk)
    version, offered = form.cleaned_data.get("version"), again(now)
    if offered:
        record_look(now, by=request.user)
    context = frame_of(request, now) | {
        "refusal": refusal,
        "typed": form.typed(),
        "acts": acts_since(request.user, now, version),
        "changes": facts_since(now, version),
        "form": offered,
        "in_list": query_of(list_of(request.user, request.GET)),
    }
    return render(request, "cases/conflict.html", context, status=refusal.status)
