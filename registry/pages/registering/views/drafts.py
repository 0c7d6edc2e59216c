"""The list of drafts, the first page, the task list, and deleting a draft."""

import uuid
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from divisions.models import Division
from households import codes
from households.entry.drafts import DRAFTERS, SUBMITTERS, discard_draft, open_draft, open_update
from households.identity import Identity
from households.models import Draft
from officers.http import OfficerRequest
from officers.rights import require
from registry.pages.registering.defaults import age_on, suggested
from registry.pages.registering.forms.start import StartForm
from registry.pages.registering.mending import address_of
from registry.pages.registering.parking import forget, parked_for, whose
from registry.pages.registering.queries import (
    COMPLETED,
    draft_list,
    drafts_seen,
    household_here,
    is_registered,
    judged_states,
)
from registry.pages.registering.remarks import returned_of
from registry.pages.views.household import household_of
from trail.dates import business_date


def draft_of(request: OfficerRequest, draft: uuid.UUID) -> Draft:
    """The draft of the address, open or ended, within the officer's village, else 404."""
    return get_object_or_404(drafts_seen(request.user), uuid=draft)


@require_safe
def draft_page(request: OfficerRequest) -> HttpResponse:
    """Which households wait to be finished."""
    context = {
        "lines": draft_list(request.user),
        "may_draft": request.user.acting_role in DRAFTERS,
    }
    return render(request, "registering/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: OfficerRequest) -> HttpResponse:
    """Ask for the ID number first; a sound one opens a draft."""
    posting = require(request.user, *DRAFTERS)
    today = business_date()
    parked = parked_for(request) if request.method != "POST" else None
    form = StartForm(
        request.POST if request.method == "POST" else parked and parked.data,
        today=today,
        years=(today.year, today.year - 1),
    )
    here = None
    if request.method == "POST" and form.is_valid():
        if form.identity and is_registered(form.identity):
            here = household_here(request.user, form.identity)
            form.refuse_registered()
        else:
            return _open(request, form, posting.division_id)
    context = {
        "form": form,
        "village": Division.objects.get(pk=posting.division_id),
        "parked": parked is not None,
        "whose": whose(request.user),
        "here": here,
    }
    return render(request, "registering/start.html", context, status=400 if form.errors else 200)


def _open(request: OfficerRequest, form: StartForm, village: str) -> HttpResponse:
    head = {name: form.cleaned_data[name] for name in ("name", "id_number", "no_id_reason")}
    if form.identity:
        head |= suggested(age_on(form.today, form.identity.birth_date))
    draft = open_draft(
        village,
        by=request.user,
        year=form.cleaned_data["year"],
        head=head,
        group=_group_before(request),
    )
    forget(request)
    if form.identity:
        messages.success(request, _what_the_number_says(form.identity, form.today))
    return redirect("registering:tasks", draft.uuid)


def _what_the_number_says(identity: Identity, today: date) -> str:
    said = _("The number is sound and free: %(sex)s, born on %(born)s, %(age)s years old.")
    born = identity.birth_date
    return said % {
        "sex": codes.label("sex", identity.sex),
        "born": born.isoformat(),
        "age": age_on(today, born),
    }


def _group_before(request: OfficerRequest) -> str:
    """The group of the draft that the officer just finished, to be registered next."""
    after = request.GET.get("after", "")
    try:
        before = drafts_seen(request.user).filter(uuid=uuid.UUID(after)).first()
    except ValueError:
        return ""
    return before.group if before else ""


@require_safe
def tasks(request: OfficerRequest, draft: uuid.UUID) -> HttpResponse:
    """The six steps and how far each is."""
    found = draft_of(request, draft)
    if found.submitted_at or found.discarded_at:
        return _ended(found)
    states = judged_states(request.user, found)
    open_states = [one for one in states if one.kind != COMPLETED]
    context = {
        "draft": found,
        "states": states,
        "returned": returned_of(request.user, found),
        "next": open_states[0].step if open_states else None,
        "completed": len(states) - len(open_states),
        "may_submit": request.user.acting_role in SUBMITTERS,
    }
    return render(request, "registering/tasks.html", context)


def _ended(draft: Draft) -> HttpResponse:
    """Where the address of an ended draft leads."""
    if draft.submitted_at:
        return redirect("registering:done", draft.uuid)
    return redirect("registering:list")


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: OfficerRequest, draft: uuid.UUID) -> HttpResponse:
    """Delete a draft, asked once more on its own page."""
    found = draft_of(request, draft)
    if request.method == "POST":
        discard_draft(found.pk, by=request.user)
        messages.success(request, _("The draft is deleted. Nothing of it was registered."))
        return redirect("registering:list")
    if found.submitted_at or found.discarded_at:
        return _ended(found)
    return render(request, "registering/discard.html", {"draft": found})


@require_POST
def update(request: OfficerRequest, number: str) -> HttpResponse:
    """Open, or go on with, the draft that brings a household's facts of the year.

    `next`, `field` and `person` may say which fact is to be mended.
    """
    household = household_of(request, number)
    draft = open_update(household, by=request.user, year=business_date().year)
    step, name, person = (request.POST.get(key, "") for key in ("next", "field", "person"))
    return redirect(address_of(draft, step, name, person))
