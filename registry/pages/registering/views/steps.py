"""One page for each step: shown as typed, saved as typed, faulty or not."""

import re
import uuid
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from households.entry.content import StepContent
from households.entry.drafts import Typed, content_of, judge_draft, refuse_ended, save_step
from households.models import Draft
from officers.http import OfficerRequest
from registry.pages.registering.comparing import differences, merged
from registry.pages.registering.forms.base import SummaryLine, enough_rows
from registry.pages.registering.parking import Parked, forget, parked_for
from registry.pages.registering.queries import work_of
from registry.pages.registering.remarks import put_at_fields, returned_of
from registry.pages.registering.steps import STEPS, Step, step_after
from registry.pages.registering.views.drafts import draft_of
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from workflow.models.attachments import DRAFT

REMOVE = re.compile("remove-([0-9]{1,2})")
PHOTO = re.compile("photo-([a-z_]{1,20})")
ADD_LINE = re.compile("add-([a-z_]{1,20})")
AUTOSAVE = "X-Autosave"


def step_named(name: str) -> Step:
    """The step of the address, else 404."""
    if name not in STEPS:
        raise Http404
    return STEPS[name]


@require_http_methods(["GET", "HEAD", "POST"])
def step_page(request: OfficerRequest, draft: uuid.UUID, step: str) -> HttpResponse:
    """Show or save one step."""
    found, wanted = draft_of(request, draft), step_named(step)
    if request.method == "POST":
        return _save(request, found, wanted)
    if found.submitted_at or found.discarded_at:
        return redirect("registering:tasks", found.uuid)
    if (parked := parked_for(request)) is not None:
        return _as_parked(request, found, wanted, parked)
    return _show(request, found, wanted)


def _save(request: OfficerRequest, draft: Draft, step: Step) -> HttpResponse:
    work = work_of(request.user, draft, today=business_date())
    typed = _typed(request, draft, step, step.form.typed(request.POST, work))
    by_itself = AUTOSAVE in request.headers
    try:
        saved = save_step(
            draft.pk,
            step.name,
            by=request.user,
            seen=_seen(request.POST),
            typed=Typed(typed.values, typed.rows),
        )
    except NotAllowed:
        raise
    except Stale as stale:
        return _stale(request, draft, step, typed, stale, by_itself=by_itself)
    except Refused as refusal:
        refuse_ended(draft)
        return _too_much(request, draft, step, typed, refusal)
    forget(request)
    saved.household = draft.household
    if by_itself:
        version = content_of(saved).step(step.name).version
        at = timezone.localtime(saved.changed_at)
        return JsonResponse({"version": version, "saved": f"{at:%H:%M}"})
    return _go_on(request, saved, step)


def _seen(data: QueryDict) -> int:
    """The version of the step that was shown."""
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _typed(request: OfficerRequest, draft: Draft, step: Step, typed: StepContent) -> StepContent:
    """What is to be kept: as sent, less a row that is taken out, or as chosen after a conflict."""
    act = request.POST.get("act", "")
    if act == "merge":
        return merged(typed, content_of(draft).step(step.name), request.POST)
    removed = REMOVE.fullmatch(act)
    if removed and step.form.row_names:
        rows = [row for n, row in enumerate(typed.rows) if n != int(removed[1])]
        return StepContent(0, typed.values, tuple(rows))
    return typed


def _go_on(request: OfficerRequest, draft: Draft, step: Step) -> HttpResponse:
    """To where the button leads; with faults the same step again, which is saved all the same."""
    act = request.POST.get("act", "")
    here = reverse("registering:step", args=[draft.uuid, step.name])
    if kind := ADD_LINE.fullmatch(act):
        return redirect(f"{here}?add={kind[1]}#{kind[1]}-title")
    if act == "add":
        rows = len(content_of(draft).step(step.name).rows) + 1
        return redirect(f"{here}?rows={rows}#row-{rows}")
    if REMOVE.fullmatch(act):
        return redirect(here)
    if act == "tasks":
        return redirect("registering:tasks", draft.uuid)
    if shows := PHOTO.fullmatch(act):
        photos = reverse("pages:evidence", args=[DRAFT, draft.uuid])
        return redirect(f"{photos}?purpose={shows[1]}")
    if judge_draft(draft, by=request.user).faults_of(step.name):
        return _show(request, draft, step, status=400)
    following = step_after(step.name)
    if following is None:
        return redirect("registering:check", draft.uuid)
    return redirect("registering:step", draft.uuid, following.name)


def _show(request: OfficerRequest, draft: Draft, step: Step, *, status: int = 200) -> HttpResponse:
    """The step as it is kept, with what stands against it once it was saved."""
    work = work_of(request.user, draft, today=business_date())
    typed = work.content.step(step.name)
    if not typed.version:
        typed = StepContent(0, {**step.form.suggested(work), **typed.values}, typed.rows)
    wanted_rows = enough_rows(request.GET.get("rows", ""))
    faults = []
    if typed.version and not wanted_rows and "add" not in request.GET:
        faults = judge_draft(draft, by=request.user).faults_of(step.name)
    form = step.form(work, typed, faults)
    form.ask_rows(wanted_rows)
    form.ask_line(request.GET.get("add", ""))
    return _page(request, draft, step, form, typed.version, status)


def _page(
    request: OfficerRequest,
    draft: Draft,
    step: Step,
    form: Any,
    version: int,
    status: int,
    **more: Any,
) -> HttpResponse:
    returned = returned_of(request.user, draft, step.name)
    if returned:
        put_at_fields(form, returned)
    context = {
        "draft": draft,
        "step": step,
        "returned": returned,
        "form": form,
        "version": version,
        "serial": [*STEPS].index(step.name) + 1,
        "steps": len(STEPS),
        "following": step_after(step.name),
        **more,
    }
    return render(request, step.template, context, status=status)


def _as_parked(request: OfficerRequest, draft: Draft, step: Step, parked: Parked) -> HttpResponse:
    """The step with what was sent when nobody was signed in; nothing of it is saved yet."""
    work = work_of(request.user, draft, today=business_date())
    form = step.form(work, step.form.typed(parked.data, work))
    form.ask_rows(0)
    at = parked.data.get("at", "")
    return _page(request, draft, step, form, _seen(parked.data), 200, parked=True, at=at)


def _too_much(
    request: OfficerRequest, draft: Draft, step: Step, typed: StepContent, refusal: Refused
) -> HttpResponse:
    """The step as it was sent, which is more than a draft keeps."""
    form = step.form(work_of(request.user, draft, today=business_date()), typed)
    form.add_error(None, refusal.message)
    form.summary.append(SummaryLine("", refusal.message))
    return _page(request, draft, step, form, _seen(request.POST), 400)


def _stale(
    request: OfficerRequest,
    draft: Draft,
    step: Step,
    typed: StepContent,
    stale: Stale,
    *,
    by_itself: bool,
) -> HttpResponse:
    """Somebody else saved the step: both versions side by side, to choose from."""
    if by_itself:
        return JsonResponse({"message": stale.message}, status=409)
    form = step.form(work_of(request.user, draft, today=business_date()), typed)
    context = {
        "draft": draft,
        "step": step,
        "form": form,
        "stale": stale,
        "version": stale.details["version"],
        "differences": differences(form, typed, stale.details["theirs"]),
        "sent": [(name, value) for name, value in _sent(request)],
    }
    return render(request, "registering/stale.html", context, status=409)


def _sent(request: OfficerRequest) -> list[tuple[str, str]]:
    """Every text that was sent, to be sent again."""
    own = {"csrfmiddlewaretoken", "version", "act", "at"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in own and not name.startswith("take-")
        for value in values
    ]
