"""Reporting a change of a household: choose its kind, enter it, and mend it when it comes back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from households.actions.changes import ChangeRefused, propose_change, send_again
from households.changing.content import wanted_of
from households.changing.forms import ChangeForm, entered_before
from households.changing.kinds import KINDS, Kind
from households.changing.pages import choices
from households.changing.procedure import PROPOSERS
from households.models import Household, HouseholdChange
from households.queries import visible_households
from officers.http import OfficerRequest
from trail.errors import NotAllowed, Refused
from workflow.models import Case


def _household(request: OfficerRequest, number: str) -> Household:
    """The household of the address, for a role that reports changes."""
    found = get_object_or_404(
        visible_households(request.user).select_related("village"), number=number
    )
    if request.user.acting_role not in PROPOSERS:
        raise NotAllowed(
            _("The village official, the work team and the county clerk report changes."),
            code="wrong_role",
        )
    return found


@require_safe
def choose(request: OfficerRequest, number: str) -> HttpResponse:
    """Which kind of change it is."""
    household = _household(request, number)
    context = {"household": household, "groups": choices()}
    return render(request, "households/change_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: OfficerRequest, number: str, kind: str) -> HttpResponse:
    """Enter a change and send it to be decided."""
    household = _household(request, number)
    known = _kind(kind)
    named = {"to_village": request.GET.get("to_village", "")}
    form = _form(request, household, known, initial=named)
    if form.can_be_judged:
        try:
            case = propose_change(household, form.wanted(), by=request.user)
        except ChangeRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _sent(case))
            return redirect("pages:case", case.pk)
    return _page(request, household, known, form)


@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: OfficerRequest, number: str, change: int) -> HttpResponse:
    """Correct a returned change and send it again."""
    household = _household(request, number)
    found = get_object_or_404(
        HouseholdChange.objects.select_related("case"), pk=change, household=household
    )
    if found.case.state != "returned":
        raise Refused(_("Only a returned change can be corrected."), code="not_returned")
    known = _kind(found.kind)
    form = _form(request, household, known, initial=entered_before(wanted_of(found)))
    if form.can_be_judged:
        try:
            send_again(found.case_id, form.wanted(), by=request.user, version=found.case.version)
        except ChangeRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The change is sent again."))
            return redirect("pages:case", found.case_id)
    return _page(request, household, known, form)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _form(request: OfficerRequest, household: Household, kind: Kind, **more: Any) -> ChangeForm:
    members = household.members.active().order_by("relation", "id")
    return ChangeForm(request.POST or None, kind=kind, members=members, **more)


def _page(
    request: OfficerRequest, household: Household, kind: Kind, form: ChangeForm
) -> HttpResponse:
    context = {"household": household, "kind": kind, "label": _(kind.label), "form": form}
    return render(request, "households/change.html", context, status=400 if form.errors else 200)


def _sent(case: Case) -> str:
    if case.facts["needs_county"]:
        return _("Sent. The township checks it, the county decides. Add the proof as a photo.")
    return _("Sent to the township, which decides. Add the proof as a photo.")
