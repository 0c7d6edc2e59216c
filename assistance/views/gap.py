"""One gap: the rule and the facts, what became of it, and the answer to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance.actions.gap_resolving import Answer, resolve_gap
from assistance.forms.gaps import ResolveForm
from assistance.models import Gap
from assistance.procedure import PLANNERS
from assistance.queries.gap_list import (
    beside,
    described,
    history_of,
    may_resolve,
    visible_gaps,
)
from assistance.rules.gaps import Resolution
from officers.http import OfficerRequest
from teams.refusals import EntryRefused
from trail.dates import business_date
from trail.errors import NotAllowed, Refused


def gap_of(request: OfficerRequest, key: int) -> Gap:
    """The gap of the address as far as the officer reads it, else 404."""
    found = visible_gaps(request.user).select_related(
        "household", "member", "village", "item__measure", "first_run", "last_run", "gone_run"
    )
    return get_object_or_404(found, pk=key)


@require_safe
def show(request: OfficerRequest, gap: int) -> HttpResponse:
    """One gap with its history."""
    found = gap_of(request, gap)
    [row] = described(request.user, [found], business_date())
    context = {
        "row": row,
        "gap": found,
        "history": history_of(found),
        "beside": beside(request.user, found),
        "may_resolve": may_resolve(request.user, found),
        "may_draft": request.user.acting_role in PLANNERS,
    }
    return render(request, "assistance/gaps/gap.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: OfficerRequest, gap: int) -> HttpResponse:
    """Answer a gap: explained, to be helped by a day, or mended."""
    found = gap_of(request, gap)
    if not may_resolve(request.user, found):
        raise NotAllowed(
            _("Your role does not answer this gap, or it is gone."), code="not_offered"
        )
    form, status = ResolveForm(request.POST or None, initial={"version": found.version}), 200
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        answer = Answer(Resolution(said["kind"]), said["words"], said["due_on"])
        try:
            resolve_gap(found.pk, answer, by=request.user, version=said["version"])
        except EntryRefused as refused:
            form.take(refused.faults)
        except NotAllowed:
            raise
        except Refused as refusal:
            status = refusal.status
            form.see(gap_of(request, gap).version)
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The answer is kept."))
            return redirect("assistance:gap", found.pk)
    if form.errors and status == 200:
        status = 400
    [row] = described(request.user, [gap_of(request, gap)], business_date())
    context = {"form": form, "row": row, "gap": row.gap}
    return render(request, "assistance/gaps/resolve.html", context, status=status)
