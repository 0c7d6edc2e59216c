"""What is recorded about an identification beside its steps: answers, red lines, appeals."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from exits.actions.following import resolve_appeal
from households.rights import reads_names
from identification.actions import (
    accept_explanation,
    explain_red_line,
    record_appeal,
    record_comparison,
    record_red_line,
    withdraw_red_line,
)
from identification.models import Appeal, RedLineHit
from identification.queries import KINDS
from officers.http import OfficerRequest
from registry.pages.cases.forms import ActForm
from registry.pages.cases.identifying import members_of
from registry.pages.cases.recording_forms import (
    AcceptForm,
    AppealForm,
    AppealResultForm,
    ComparisonForm,
    ExplainForm,
    RedLineForm,
    WithdrawForm,
)
from registry.pages.cases.views.frame import attempt, case_of, frame_of
from trail.dates import business_date
from workflow.models import Case
from workflow.parameters import RED_LINES

HIT_ACTS: dict[str, tuple[Promise, type[ActForm], Callable[..., object]]] = {
    "explain": (gettext_lazy("Explain the red line"), ExplainForm, explain_red_line),
    "accept": (gettext_lazy("Accept the explanation"), AcceptForm, accept_explanation),
    "withdraw": (gettext_lazy("Withdraw the red line"), WithdrawForm, withdraw_red_line),
}


def identification_of(request: OfficerRequest, key: int) -> Case:
    """A case of identification or re-inclusion within the posting, else 404."""
    found = case_of(request, key)
    if found.kind not in KINDS:
        raise Http404
    return found


def _answer(
    request: OfficerRequest,
    case: Case,
    form: ActForm,
    act: Callable[[], object],
    title: str,
    *said: tuple[str, Any],
) -> HttpResponse:
    """Try the act of a posted form; until it is done, show the form below what is `said`."""
    if request.method == "POST":
        if refused := attempt(request, case, form, act):
            return refused
        if not form.errors:
            messages.success(request, _("Recorded: %(step)s.") % {"step": title})
            return redirect("pages:case", case.pk)
    context = frame_of(request, case) | {"form": form, "title": title, "said": said}
    return render(request, "cases/record.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def comparison_page(request: OfficerRequest, case: int) -> HttpResponse:
    found = identification_of(request, case)
    form = ComparisonForm(request.POST or None, initial={"on": business_date()})

    def act() -> None:
        record_comparison(found.pk, by=request.user, **form.cleaned_data)

    return _answer(request, found, form, act, _("Answer of a department"))


@require_http_methods(["GET", "HEAD", "POST"])
def red_line_page(request: OfficerRequest, case: int) -> HttpResponse:
    found = identification_of(request, case)
    members = members_of(request.user, found)
    form = RedLineForm(request.POST or None, case=found, members=members)

    def act() -> None:
        record_red_line(found.pk, by=request.user, **form.cleaned_data)

    return _answer(request, found, form, act, _("Record a red line"))


@require_http_methods(["GET", "HEAD", "POST"])
def hit_page(request: OfficerRequest, case: int, hit: int, act: str) -> HttpResponse:
    found = identification_of(request, case)
    row = get_object_or_404(RedLineHit, pk=hit, case=found)
    if act not in HIT_ACTS or not reads_names(request.user):
        raise Http404
    title, form_class, carry_out = HIT_ACTS[act]
    form = form_class(request.POST if request.method == "POST" else None)

    def done() -> None:
        carry_out(row.pk, by=request.user, **form.cleaned_data)

    said = (
        (_("Red line"), _(RED_LINES[row.rule])),
        (_("What was found"), row.found),
        (_("Explanation"), row.explanation),
    )
    return _answer(request, found, form, done, str(title), *said)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_page(request: OfficerRequest, case: int) -> HttpResponse:
    found = identification_of(request, case)
    form = AppealForm(request.POST or None, initial={"received_on": business_date()})

    def act() -> None:
        record_appeal(found.pk, by=request.user, **form.cleaned_data)

    return _answer(request, found, form, act, _("Record an appeal"))


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_result_page(request: OfficerRequest, case: int, appeal: int) -> HttpResponse:
    found = identification_of(request, case)
    row = get_object_or_404(Appeal, pk=appeal, case=found)
    if not reads_names(request.user):
        raise Http404
    form = AppealResultForm(request.POST or None)

    def act() -> None:
        resolve_appeal(row.pk, by=request.user, **form.cleaned_data)

    said = (
        (_("What is said"), row.text),
        (_("By whom"), row.get_appellant_display()),
        (_("To whom"), row.get_level_display()),
    )
    return _answer(request, found, form, act, _("Resolve the appeal"), *said)
