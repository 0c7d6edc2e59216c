"""Ending a term, and handing it over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officers.http import OfficerRequest
from officers.rules import Role
from teams.actions.terms import end_term, hand_over
from teams.forms.terms import EndForm, HandoverForm
from teams.models import Handover, Term
from teams.models.terms import HANDOVER_FIELD
from teams.queries.helper_list import still_helped
from teams.queries.villages import is_followed, takers_of
from teams.refusals import EntryRefused
from teams.rights import manages, reads_days
from teams.rules.terms import EndReason
from trail.dates import business_date
from trail.errors import NotAllowed, Stale
from trail.sealing import unseal


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OfficerRequest, term: int) -> HttpResponse:
    """Record the end of a term, or correct one that lies ahead."""
    found = _term(request, term)
    if not manages(request.user):
        raise NotAllowed(_("The county clerk records the end of a term."), code="wrong_role")
    today = business_date()
    recalled = request.GET.get("reason") == EndReason.RECALL
    initial = {
        "version": found.version,
        "last_day": found.last_day or (today if recalled else found.due_on),
        "reason": found.end_reason or (EndReason.RECALL if recalled else EndReason.TERM),
        "note": found.end_note,
    }
    form, status, stale = EndForm(request.POST or None, initial=initial), 200, None
    if form.is_valid():
        known = form.cleaned_data
        try:
            end_term(
                found.pk,
                last_day=known["last_day"],
                reason=EndReason(known["reason"]),
                note=known["note"],
                version=known["version"],
                by=request.user,
            )
        except EntryRefused as refused:
            form.take(refused.faults)
        except Stale as refusal:
            form.see(found.version)
            stale, status = refusal, refusal.status
        else:
            messages.success(request, _("The end of the term is recorded."))
            return redirect("teams:village", found.village_id)
    context = {
        "form": form,
        "term": found,
        "stale": stale,
        "is_over": found.last_day is not None and found.last_day < today,
        "is_handed_over": Handover.objects.filter(term=found).exists(),
        "is_followed": is_followed(found),
        "helped": still_helped(request.user, found.cadre, today),
    }
    status = 400 if form.errors else status
    return render(request, "teams/terms/end.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: OfficerRequest, term: int) -> HttpResponse:
    """The handover of a term: read it, or record it where there is none yet."""
    found = _term(request, term)
    made = Handover.objects.filter(term=found).select_related("to", "recorded_by").first()
    context = {"term": found, "handover": made}
    if made is not None and request.method != "POST":
        sees = reads_days(request.user)
        text = unseal(made.content_sealed, field=HANDOVER_FIELD, row=made.uuid) if sees else ""
        return render(request, "teams/terms/handover.html", context | {"text": text})
    if not may_hand_over(request, found):
        raise NotAllowed(
            _("The leaving person himself or the county clerk records the handover."),
            code="wrong_role",
        )
    today = business_date()
    form = HandoverForm(
        request.POST or None, takers=takers_of(found, today), initial={"handed_on": today}
    )
    if form.is_valid():
        known = form.cleaned_data
        try:
            hand_over(
                found.pk,
                handed_on=known["handed_on"],
                to=known["to"],
                text=known["text"],
                by=request.user,
            )
        except EntryRefused as refused:
            form.take(refused.faults)
        else:
            messages.success(request, _("The handover is recorded."))
            return redirect("teams:village", found.village_id)
    status = 400 if form.errors else 200
    return render(request, "teams/terms/hand_over.html", context | {"form": form}, status=status)


def may_hand_over(request: OfficerRequest, term: Term) -> bool:
    """Whether the officer records the handover of this term: his own, or as the county clerk."""
    own = term.cadre.account_id == request.user.pk
    return manages(request.user) or (own and request.user.acting_role == Role.TEAM_MEMBER)


def _term(request: OfficerRequest, key: int) -> Term:
    """The term of the address within the officer's posting, else 404."""
    visible = Term.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("cadre", "village", "unit"), pk=key)
