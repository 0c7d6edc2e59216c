"""Proposing somebody for a post, mending what came back, and the list of candidates."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officers.http import OfficerRequest
from teams.actions.dispatching import Wanted, propose_candidate, send_again
from teams.forms.candidates import MendForm, ProposeForm
from teams.models import Candidacy
from teams.procedure import DISPATCH, PROPOSERS
from teams.queries.cases import Point
from teams.queries.proposing import (
    candidate_rows,
    find_person,
    offered,
    open_states,
    planned_end,
    points_for,
)
from teams.refusals import EntryRefused
from teams.rights import CASE_READERS
from teams.rules.terms import Post
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from workflow.errors import AlreadyOpen
from workflow.models import Case

OFFERED_FIRST = ("person", "village", "post", "starts_on")


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The open candidates within the posting."""
    _refuse_others(request, CASE_READERS)
    states = open_states()
    wanted = request.GET.get("state", "")
    state = wanted if wanted in dict(states) else ""
    context = {
        "rows": candidate_rows(request.user, state, today=business_date()),
        "states": [("", _("all"), not state), *((n, label, n == state) for n, label in states)],
        "state": state,
        "may_propose": request.user.acting_role in PROPOSERS,
    }
    return render(request, "teams/candidates/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: OfficerRequest) -> HttpResponse:
    """Propose somebody; what stands against it is shown with every condition of the post."""
    _refuse_others(request, PROPOSERS)
    today = business_date()
    initial = {name: request.GET[name] for name in OFFERED_FIRST if request.GET.get(name)}
    people = offered(request.user, today=today)
    form = ProposeForm(
        request.POST or None,
        officer=request.user,
        people=people,
        initial={"starts_on": today} | initial,
    )
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        case = _proposed(request, form, context)
        if case:
            messages.success(
                request, _("Proposed. The county clerk checks the candidate, the county decides.")
            )
            return redirect("pages:case", case.pk)
    status = 400 if form.errors else 200
    return render(request, "teams/candidates/propose.html", context, status=status)


def _proposed(request: OfficerRequest, form: ProposeForm, context: dict[str, Any]) -> Case | None:
    """The case that was opened; None when it was refused, with the faults in the form."""
    known = form.cleaned_data
    village, starts_on = known["village"], known["starts_on"]
    try:
        person = find_person(request.user, known["person"])
        context |= {"person": person}
        context["points"] = points_for(person, village, known["post"], starts_on)
        due_on = known["due_on"] or planned_end(village.pk, starts_on)
        wanted = Wanted(village.pk, Post(known["post"]), starts_on, due_on)
        return propose_candidate(person.pk, wanted, by=request.user)
    except EntryRefused as refused:
        form.take(refused.faults)
    except AlreadyOpen as refused:
        form.add_error("person", refused.message)
        [other] = refused.details["cases"].values()
        context["open_case"] = Case.objects.visible_to(request.user).filter(pk=other).first()
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: OfficerRequest, case: int) -> HttpResponse:
    """Correct the entries of a candidate who came back, and send him again."""
    found = _candidacy(request, case)
    _refuse_others(request, PROPOSERS)
    if found.case.state != "returned":
        raise Refused(_("Only a returned candidate can be corrected."), code="not_returned")
    initial = {"post": found.post, "starts_on": found.starts_on, "due_on": found.due_on}
    form = MendForm(request.POST or None, initial=initial | {"version": found.case.version})
    context: dict[str, Any] = {"form": form, "candidacy": found}
    status = 200
    if form.is_valid():
        starts_on, due_on = form.days()
        post, version = Post(form.cleaned_data["post"]), form.cleaned_data["version"]
        wanted = Wanted(found.village_id, post, starts_on, due_on)
        try:
            send_again(case, wanted, by=request.user, version=version)
        except EntryRefused as refused:
            form.take(refused.faults)
            context["points"] = _points(found, post, starts_on)
        except Stale as stale:
            form.see(found.case.version)
            context["stale"], status = stale, stale.status
        else:
            messages.success(request, _("The candidate is sent again."))
            return redirect("pages:case", case)
    status = 400 if form.errors else status
    return render(request, "teams/candidates/mend.html", context, status=status)


def _points(candidacy: Candidacy, post: Post, starts_on: Any) -> list[Point]:
    return points_for(candidacy.cadre, candidacy.village, post, starts_on)


def _candidacy(request: OfficerRequest, case: int) -> Candidacy:
    """The candidate of the case of the address, within the posting, else 404."""
    cases = Case.objects.visible_to(request.user).filter(kind=DISPATCH.kind)
    found = Candidacy.objects.filter(case__in=cases)
    return get_object_or_404(found.select_related("case", "cadre__unit", "village"), case_id=case)


def _refuse_others(request: OfficerRequest, roles: frozenset) -> None:
    if request.user.acting_role not in roles:
        raise NotAllowed(_("Your role does not do this."), code="wrong_role")
