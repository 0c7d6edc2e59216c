"""Who helps households: the list with its coverage, one helper, handing all his households on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Division
from divisions.scope import reaches
from households.rights import reads_names
from officers.http import OfficerRequest
from officers.rules import Role
from teams.actions.pairing import reassign_all
from teams.actions.person_lists import NO_FILE, take_helpers
from teams.forms.pairings import HandOnForm
from teams.models import Cadre, Pairing
from teams.queries.cadres import is_near
from teams.queries.helper_list import (
    FREE,
    HELPING,
    KINDS,
    LEFT,
    Helper,
    coverage_by_rank,
    helper_named,
    helper_page,
    left_pairings,
    offered,
    pairings_of,
    still_helped,
)
from teams.queries.helper_sheet import helper_sheet
from teams.queries.unvisited import is_counted_now
from teams.queries.visits import heads_of
from teams.refusals import EntryRefused
from teams.rights import FIELD, LIST_TAKERS, MANAGERS, READERS, takes_lists
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.sheets import FORMS, as_file

LIST_READERS = READERS - {Role.HELPER}
LABELS = {
    HELPING: gettext_lazy("help households here"),
    FREE: gettext_lazy("have a free place"),
    LEFT: gettext_lazy("left, still with households"),
}
REFUSAL = gettext_lazy("Your role does not read who helps whom.")


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The helpers of a place with their load, and its coverage by their rank."""
    place, kind = _place(request, LIST_READERS, REFUSAL), _kind(request)
    today, number = business_date(), page_number(request)
    context: dict[str, Any] = {
        "place": place,
        "above": above(request, place),
        "below": Division.objects.in_force(today).below(place.pk),
        "kind": kind,
        "kinds": LABELS.items(),
        "forms": FORMS,
        "lists": request.user.acting_role in FIELD,
        "takes": takes_lists(request.user),
    }
    if is_counted_now(place.pk):
        page = helper_page(request.user, place.pk, kind, today, number=number)
        context |= {
            "page": page,
            "coverage": coverage_by_rank(request.user, place.pk, today),
            **turned(request, number, has_next=page.has_next),
        }
    return render(request, "teams/helpers/list.html", context)


@require_safe
def download(request: OfficerRequest) -> HttpResponse:
    """The list as a file; the trace tells who took it."""
    place, kind = _place(request, LIST_TAKERS, NO_FILE), _kind(request)
    if not is_counted_now(place.pk):
        raise Http404
    form = next((one for one in FORMS if one == request.GET.get("form")), FORMS[0])
    sheet = helper_sheet(request.user, place, kind, business_date())
    taken = take_helpers(place, sheet, kind=kind, by=request.user)
    return as_file(taken, form, f"helpers-{place.pk}")


@require_safe
def show(request: OfficerRequest, cadre: str) -> HttpResponse:
    """One helper: his households now and before, within the officer's posting."""
    helper, today = _helper(request, cadre), business_date()
    ended = pairings_of(request.user, helper.cadre).filter(last_day__lt=today)
    names = reads_names(request.user)
    before = list(ended)
    heads = heads_of(one.household_id for one in before) if names else {}
    context = {
        "helper": helper,
        "now": still_helped(request.user, helper.cadre, today),
        "before": [(one, heads.get(one.household_id, "")) for one in before],
        "has_left": left_pairings(today).filter(cadre=helper.cadre).exists(),
        "manages": request.user.acting_role in MANAGERS,
        "may_phone": request.user.acting_role in FIELD
        and is_near(request.user, helper.cadre, today),
        "is_kept_here": reaches(request.user, helper.cadre.division_id),
    }
    return render(request, "teams/helpers/helper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_on(request: OfficerRequest, cadre: str) -> HttpResponse:
    """Give all households of a helper to others, as many as have places."""
    helper, today = _helper(request, cadre), business_date()
    if request.user.acting_role not in MANAGERS:
        raise NotAllowed(_("The county's clerk gives households their helper."), code="wrong_role")
    code = _where(request, helper)
    choices = [one for one in offered(request.user, code, today) if one.cadre.pk != helper.cadre.pk]
    left = left_pairings(today).filter(cadre=helper.cadre).exists()
    form = HandOnForm(
        request.POST or None,
        helpers=choices,
        today=today,
        initial={"reason": Pairing.EndReason.LEFT if left else Pairing.EndReason.REASSIGNED},
    )
    status = 200
    if form.is_valid():
        try:
            made = _handed_on(request, helper.cadre, form)
        except NotAllowed:
            raise
        except EntryRefused as refused:
            form.take(refused.faults)
            status = refused.status
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, made)
            return redirect("teams:helper", helper.cadre.number)
    elif form.is_bound:
        status = 400
    context = {
        "form": form,
        "helper": helper,
        "free": sum(one.free for one in choices),
        "back": request.path.removesuffix("hand-on/"),
    }
    return render(request, "teams/helpers/hand_on.html", context, status=status)


def _handed_on(request: OfficerRequest, leaving: Cadre, form: HandOnForm) -> str:
    """Hand the households on; returns the sentence that says to whom."""
    said = form.cleaned_data
    named = {
        one.number: one
        for one in Cadre.objects.visible_to(request.user).filter(number__in=said["to"])
    }
    to = [named[number] for number in said["to"] if number in named]
    made = reassign_all(leaving, to, day=said["day"], reason=said["reason"], by=request.user)
    takers: dict[str, int] = {}
    for one in made:
        takers[one.cadre.name] = takers.get(one.cadre.name, 0) + 1
    text = ngettext(
        "%(count)s household is handed on: %(takers)s.",
        "%(count)s households are handed on: %(takers)s.",
        len(made),
    )
    words = ", ".join(f"{name} {count}" for name, count in takers.items())
    return text % {"count": len(made), "takers": words}


def _where(request: OfficerRequest, helper: Helper) -> str:
    """The place whose helpers come first: the township of his first household, else the county."""
    first = pairings_of(request.user, helper.cadre).in_force(business_date()).first()
    return first.village.parent_id if first else helper.cadre.division_id


def _helper(request: OfficerRequest, number: str) -> Helper:
    """The helper of the address as the officer sees him, else 404."""
    found = helper_named(request.user, number, business_date())
    if found is None:
        raise Http404
    if request.user.acting_role not in READERS:
        raise NotAllowed(REFUSAL, code="wrong_role")
    return found


def _place(request: OfficerRequest, roles: frozenset, refusal: Promise) -> Division:
    return place_of(request, request.GET.get("division", ""), roles, str(refusal))


def _kind(request: OfficerRequest) -> str:
    wanted = request.GET.get("kind", "")
    return wanted if wanted in KINDS else HELPING
