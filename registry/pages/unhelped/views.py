"""Households without a helper: the list, and giving them one from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from divisions.models import Division, Level
from households.queries import visible_households
from officers.http import OfficerRequest
from registry.pages.unhelped.forms import PairForm
from registry.pages.unhelped.queries import UnhelpedPage, unhelped_page
from teams.actions.pairing import pair_many
from teams.models import Cadre
from teams.queries.helper_list import Helper, helper_named, offered
from teams.queries.unvisited import is_counted_now
from teams.refusals import EntryRefused
from teams.rights import FIELD, MANAGERS
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

KEPT = ("division", "unit", "page")
LONGEST_UNIT = 50


@require_http_methods(["GET", "HEAD", "POST"])
def unhelped(request: OfficerRequest) -> HttpResponse:
    """The households of a place that wait for a helper; the county's clerk gives them one."""
    refusal = _("Your role sees the coverage, not the households without a helper.")
    place = place_of(request, request.GET.get("division", ""), FIELD, refusal)
    below = Division.objects.in_force(business_date()).below(place.pk)
    context: dict[str, Any] = {"place": place, "above": above(request, place), "below": below}
    if not is_counted_now(place.pk):
        return render(request, "teams/helpers/unhelped.html", context)
    page = unhelped_page(request.user, place.pk, today=business_date(), number=page_number(request))
    context |= {"page": page, **turned(request, page_number(request), has_next=page.has_next)}
    if request.user.acting_role not in MANAGERS:
        if request.method == "POST":
            raise NotAllowed(_("The county's clerk gives households their helper."))
        return render(request, "teams/helpers/unhelped.html", context)
    helpers = _offered(request, place)
    form = _form(request, page, helpers)
    status = 200
    if form.is_valid():
        try:
            made = _pair(request, form)
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
            return redirect(_back(request, form.cleaned_data["helper"]))
    elif form.is_bound:
        status = 400
    context |= {
        "form": form,
        "helpers": helpers,
        "unit": _unit(request),
        "rows": list(zip(page.lines, form["ticked"], strict=False)),
        "is_village": place.level == Level.VILLAGE,
    }
    return render(request, "teams/helpers/unhelped.html", context, status=status)


def _offered(request: OfficerRequest, place: Division) -> list[Helper]:
    """The helpers to choose from, the one of the address or of the form first."""
    today = business_date()
    found = offered(request.user, place.pk, today, unit=_unit(request))
    named = request.POST.get("helper") or request.GET.get("helper", "")
    wanted = next((one for one in found if one.cadre.number == named), None)
    wanted = wanted or (helper_named(request.user, named, today) if named.isalnum() else None)
    if wanted is None:
        return found
    return [wanted, *(one for one in found if one.cadre.pk != wanted.cadre.pk)]


def _form(request: OfficerRequest, page: UnhelpedPage, helpers: list[Helper]) -> PairForm:
    """The form with the households of the page; one that was ticked stays when it has a helper now.

    The action then says whose it is.
    """
    listed = [(line.household.number, line.head) for line in page.lines]
    sent = set(request.POST.getlist("ticked")) - {number for number, _head in listed}
    gone = visible_households(request.user).filter(number__in=sent)
    listed += [(number, number) for number in gone.values_list("number", flat=True)]
    return PairForm(
        request.POST if request.method == "POST" else None,
        helpers=helpers,
        households=listed,
        today=business_date(),
    )


def _pair(request: OfficerRequest, form: PairForm) -> str:
    """Give the chosen households their helper; returns the sentence that says so."""
    chosen = form.chosen
    households = list(visible_households(request.user).filter(number__in=chosen))
    cadre = Cadre.objects.visible_to(request.user).get(number=form.cleaned_data["helper"])
    made = pair_many(households, cadre, starts_on=form.cleaned_data["starts_on"], by=request.user)
    text = ngettext(
        "%(name)s helps %(count)s more household.",
        "%(name)s helps %(count)s more households.",
        len(made),
    )
    return text % {"name": cadre.name, "count": len(made)}


def _back(request: OfficerRequest, helper: str) -> str:
    """The list as it was narrowed, with the same helper chosen."""
    query = request.GET.copy()
    for name in [name for name in query if name not in KEPT]:
        del query[name]
    query["helper"] = helper
    return f"{reverse('pages:unhelped')}?{query.urlencode()}"


def _unit(request: OfficerRequest) -> str:
    return request.GET.get("unit", "").replace("\0", "")[:LONGEST_UNIT].strip()
