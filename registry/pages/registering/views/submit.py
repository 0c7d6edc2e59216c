"""The last pages: check the answers, submit, and what comes next."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.entry.drafts import SUBMITTERS, start_over_from_record
from households.entry.saving import EntryRefused
from households.models import Draft
from officers.http import OfficerRequest
from registry.pages.queries.trace import trace_of
from registry.pages.registering.actions import submit
from registry.pages.registering.checking import check_of
from registry.pages.registering.explaining import Explained, typed_for
from registry.pages.registering.following import following_of
from registry.pages.registering.parking import forget, park
from registry.pages.registering.views.drafts import draft_of
from trail.errors import NotAllowed, Refused, Stale


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: OfficerRequest, draft: uuid.UUID) -> HttpResponse:
    """All answers with the finding; sending it submits the draft."""
    found = draft_of(request, draft)
    if found.submitted_at or found.discarded_at:
        return redirect("registering:tasks", found.uuid)
    if request.method != "POST":
        return _page(request, found, status=200)
    try:
        submit(found.pk, by=request.user, seen=_seen(request), explained=typed_for(request))
    except NotAllowed:
        raise
    except EntryRefused:
        park(request)
        return _page(request, found, status=400)
    except Stale as stale:
        park(request)
        return _stale(request, draft, stale)
    except Refused as refusal:
        park(request)
        return _page(request, found, status=refusal.status, refusal=refusal)
    forget(request)
    return redirect("registering:done", found.uuid)


def _seen(request: OfficerRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _page(
    request: OfficerRequest, draft: Draft, *, status: int, refusal: Refused | None = None
) -> HttpResponse:
    faults = refusal.details.get("fields", {}) if refusal else {}
    context = {
        "draft": draft,
        "check": check_of(request.user, draft, Explained(typed_for(request), faults)),
        "may_submit": request.user.acting_role in SUBMITTERS,
        "refusal": refusal,
        "refused": status == 400,
    }
    return render(request, "registering/check.html", context, status=status)


def _stale(request: OfficerRequest, draft: uuid.UUID, stale: Stale) -> HttpResponse:
    """The draft again as it stands now, or what happened to the household meanwhile."""
    found = draft_of(request, draft)
    if stale.code != "household_changed" or found.household is None:
        return _page(request, found, status=409, refusal=stale)
    since = found.opened_at
    context = {
        "draft": found,
        "refusal": stale,
        "trace": [one for one in trace_of(request.user, found.household) if one.at >= since],
    }
    return render(request, "registering/moved.html", context, status=409)


@require_POST
def go_on(request: OfficerRequest, draft: uuid.UUID) -> HttpResponse:
    """Compare the draft with the household as it stands now, from here on."""
    found = draft_of(request, draft)
    start_over_from_record(found.pk, by=request.user)
    return redirect("registering:check", found.uuid)


@require_safe
def done(request: OfficerRequest, draft: uuid.UUID) -> HttpResponse:
    """The number, and what comes next."""
    found = draft_of(request, draft)
    if not found.submitted_at or found.household is None:
        return redirect("registering:tasks", found.uuid)
    context = {
        "draft": found,
        "household": found.household,
        "following": following_of(request.user, found.household),
        "title": _("Registered") if found.base_version is None else _("Saved"),
    }
    return render(request, "registering/done.html", context)
