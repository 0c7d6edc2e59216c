"""One pairing: given to another helper, or ended."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officers.http import OfficerRequest
from teams.actions.pairing import end_pairing, reassign
from teams.forms.pairings import EndPairingForm, ReassignForm
from teams.forms.versioned import VersionedForm
from teams.models import Cadre, Pairing
from teams.queries.helper_list import offered
from teams.queries.visits import heads_of
from teams.refusals import EntryRefused
from teams.rights import MANAGERS
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: OfficerRequest, pairing: int) -> HttpResponse:
    """Give the household to another helper."""
    found, today = _pairing(request, pairing), business_date()
    choices = [
        one
        for one in offered(request.user, found.village_id, today)
        if one.cadre.pk != found.cadre_id
    ]
    form = ReassignForm(
        request.POST or None, helpers=choices, today=today, initial={"version": found.version}
    )

    def act(said: dict[str, Any]) -> str:
        to = Cadre.objects.visible_to(request.user).get(number=said["to"])
        made = reassign(
            found.pk, to, day=said["day"], reason=said["reason"], by=request.user,
            version=said["version"],
        )  # fmt: skip
        return _("%(name)s helps the household now.") % {"name": made.cadre.name}

    labels = {
        "title": _("Give household %(household)s to another helper"),
        "submit": _("Give to this helper"),
    }
    return _answer(request, found, form, act, labels)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OfficerRequest, pairing: int) -> HttpResponse:
    """End the pairing; a household that needs a helper is then on the list of those without."""
    found = _pairing(request, pairing)
    initial = {"version": found.version}
    form = EndPairingForm(request.POST or None, today=business_date(), initial=initial)

    def act(said: dict[str, Any]) -> str:
        end_pairing(
            found.pk, last_day=said["last_day"], reason=said["why"], by=request.user,
            version=said["version"],
        )  # fmt: skip
        return _("The pairing has its last day.")

    labels = {"title": _("End the pairing of household %(household)s"), "submit": _("End it")}
    return _answer(request, found, form, act, labels)


def _pairing(request: OfficerRequest, key: int) -> Pairing:
    """The pairing of the address within the posting, for a role that keeps the roster; else 404."""
    rows = Pairing.objects.visible_to(request.user).select_related("cadre", "household", "village")
    found = get_object_or_404(rows, pk=key)
    if request.user.acting_role not in MANAGERS:
        raise NotAllowed(_("The county's clerk gives households their helper."), code="wrong_role")
    return found


def _answer(
    request: OfficerRequest,
    pairing: Pairing,
    form: VersionedForm,
    act: Callable[[dict[str, Any]], str],
    labels: dict[str, str],
) -> HttpResponse:
    """Act and go to the helper's page, or show the form with what stands in the way."""
    status = 200
    if form.is_valid():
        try:
            done = act(form.cleaned_data)
        except NotAllowed:
            raise
        except EntryRefused as refused:
            form.take(refused.faults)
            status = refused.status
        except Stale as stale:
            form.add_error(None, stale.message)
            form.see(Pairing.objects.visible_to(request.user).get(pk=pairing.pk).version)
            status = stale.status
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            messages.success(request, done)
            return redirect("teams:helper", pairing.cadre.number)
    elif form.is_bound:
        status = 400
    context = {
        "form": form,
        "pairing": pairing,
        "head": heads_of([pairing.household_id]).get(pairing.household_id, ""),
        "title": labels["title"] % {"household": pairing.household.number},
        "submit": labels["submit"],
    }
    return render(request, "teams/helpers/pairing.html", context, status=status)
