"""A place changes hands: who leaves it and who follows, on one form."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officers.http import OfficerRequest
from teams.actions.change_of_hands import Following, Leaving, change_hands
from teams.forms.terms import ChangeOfHandsForm, SuccessionForm
from teams.models import Candidacy, Handover, Term
from teams.procedure import APPROVED
from teams.queries.helper_list import still_helped
from teams.queries.villages import candidates_for
from teams.refusals import EntryRefused
from teams.rights import manages
from teams.rules.terms import ONE_DAY, EndReason
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, term: int) -> HttpResponse:
    """End a term and let an approved candidate follow on the next day."""
    visible = Term.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("cadre", "village", "unit"), pk=term)
    if not manages(request.user):
        raise NotAllowed(_("The county clerk records a change of hands."), code="wrong_role")
    today = business_date()
    fitting = [
        one
        for one in candidates_for(request.user, found.village_id) or []
        if one.post == found.post and one.cadre.account_id != request.user.pk
    ]
    approved = [one for one in fitting if one.case.state == APPROVED]
    handed = Handover.objects.filter(term=found).exists()
    form = (SuccessionForm if handed else ChangeOfHandsForm)(
        request.POST or None, candidates=approved, initial=_offered(found, approved, today)
    )
    context: dict[str, Any] = {
        "form": form,
        "term": found,
        "approved": approved,
        "waiting": [one for one in fitting if one not in approved],
        "is_over": found.last_day is not None and found.last_day < today,
        "is_handed_over": handed,
        "helped": still_helped(request.user, found.cadre, today),
    }
    status = 200
    if form.is_valid():
        try:
            made = _changed(request, found, form)
        except EntryRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Stale as stale:
            found.refresh_from_db()
            form.see(found.version)
            context["stale"], status = stale, stale.status
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            text = _("The place changes hands: %(name)s begins on %(day)s.")
            values = {"name": made.cadre.name, "day": made.starts_on}
            messages.success(request, text % values)
            return redirect("teams:village", found.village_id)
    status = 400 if form.errors and status == 200 else status
    return render(request, "teams/terms/change.html", context, status=status)


def _offered(term: Term, approved: list[Candidacy], today: date) -> dict[str, Any]:
    """What the form offers: the day before the successor may begin, the briefing of today."""
    begins = max([today, *(one.starts_on for one in approved[:1])])
    return {
        "version": term.version,
        "last_day": begins - ONE_DAY,
        "reason": term.end_reason or EndReason.TERM,
        "note": term.end_note,
        "handed_on": min(today, begins - ONE_DAY),
        "briefed_on": today,
    }


def _changed(request: OfficerRequest, term: Term, form: SuccessionForm) -> Term:
    said = form.cleaned_data
    return change_hands(
        term.pk,
        Leaving(said["last_day"], EndReason(said["reason"]), said["note"]),
        Following(said["successor"], said["letter"], said["briefed_on"]),
        handed_on=form.handing(),
        version=said["version"],
        by=request.user,
    )
