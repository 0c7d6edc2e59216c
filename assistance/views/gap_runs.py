"""Searches for policy gaps: asking for one, and how far it is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance import tasks
from assistance.actions.gap_runs import FIRST_YEAR, ask_search
from assistance.forms.gaps import SearchForm
from assistance.models import GapRun, RunState
from assistance.queries.gap_progress import progress_of
from assistance.queries.gap_words import rule_names
from assistance.rights import GAP_SEEKERS, TOTAL_READERS
from divisions.models import Division
from households.rights import reads_names
from officers.http import OfficerRequest
from trail.dates import business_date
from trail.errors import NotAllowed, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: OfficerRequest) -> HttpResponse:
    """Ask for a search of the officer's own place, or of one below it."""
    if request.user.acting_role not in GAP_SEEKERS:
        raise NotAllowed(
            _("County clerks and province officers ask for a search."), code="wrong_role"
        )
    today, own = business_date(), request.user.acting_division
    below = Division.objects.in_force(today).below(own)
    places = [*Division.objects.filter(pk=own), *below]
    form = SearchForm(
        request.POST or None,
        places=[(one.pk, one.name) for one in places],
        years=range(today.year, FIRST_YEAR - 1, -1),
    )
    status = 200
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        root = Division.objects.get(pk=said["division"])
        try:
            run = ask_search(root, said["year"], by=request.user)
        except NotAllowed:
            raise
        except Refused as refusal:
            status = refusal.status
            form.add_error(None, refusal.message)
        else:
            tasks.nudge(run.pk)
            messages.success(request, _("The search has begun. It goes on if you leave this page."))
            return redirect("assistance:gap_run", run.pk)
    if form.errors and status == 200:
        status = 400
    return render(request, "assistance/gaps/search.html", {"form": form}, status=status)


def run_of(request: OfficerRequest, key: int) -> GapRun:
    """The search of the address as far as it lies in the officer's reach, else 404."""
    runs = GapRun.objects.visible_to(request.user).select_related("root", "asked_by")
    found = get_object_or_404(runs, pk=key)
    if request.user.acting_role not in TOTAL_READERS:
        raise NotAllowed(_("Your role does not read what help is due."), code="wrong_role")
    return found


@require_safe
def show(request: OfficerRequest, run: int) -> HttpResponse:
    """One search: how far it is, and what it found by rule."""
    return render(request, "assistance/gaps/run.html", _context(request, run))


@require_safe
def progress(request: OfficerRequest, run: int) -> HttpResponse:
    """The part of the page that is asked for again and again while the search runs."""
    return render(request, "assistance/gaps/progress.html", _context(request, run))


def _context(request: OfficerRequest, key: int) -> dict[str, object]:
    run, names = run_of(request, key), rule_names()
    told = run.totals if reads_names(request.user) else {}
    return {
        "run": run,
        "is_running": run.state == RunState.RUNNING,
        "progress": progress_of(run),
        "found": [(names.get(rule, rule), number) for rule, number in told.items()],
    }
