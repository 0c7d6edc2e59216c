"""Notices for officers, and the public page without sign-in."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officers.http import OfficerRequest
from registry.pages.evidence.subjects import files_of, subject_of
from registry.pages.notices.forms import NoticeFilter, TakeDownForm
from registry.pages.notices.queries import (
    is_announcement,
    may_print,
    notice_page,
    posted_list,
    poster_of,
    public_page,
    seen,
    villages_with_notices,
)
from registry.pages.notices.visitors import too_many
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.actions.notices import take_down, takers_of
from workflow.models import Notice
from workflow.models.attachments import NOTICE

SECONDS_IN_CACHE = 300
CHINESE = get_language_info("zh-hans")["name_local"]


def notice_of(request: OfficerRequest, notice: int) -> Notice:
    """The notice of the address within the officer's posting, else 404."""
    return get_object_or_404(seen(request.user).select_related("division"), pk=notice)


@require_safe
def notices(request: OfficerRequest) -> HttpResponse:
    """All notices of the place, by how they stand."""
    form = NoticeFilter(request.GET, villages=villages_with_notices(request.user))
    today = business_date()
    rows = posted_list(request.user, form.wanted(), today=today)
    return render(request, "notices/list.html", {"form": form, "rows": rows, "today": today})


@require_safe
def notice(request: OfficerRequest, notice: int) -> HttpResponse:
    """One notice with its lines, its objections and its record."""
    found = notice_of(request, notice)
    return _page(request, found, TakeDownForm(initial={"on": business_date()}), status=200)


def _page(
    request: OfficerRequest, found: Notice, form: TakeDownForm, *, status: int
) -> HttpResponse:
    page = notice_page(request.user, found, today=business_date())
    subject = subject_of(request.user, NOTICE, str(found.pk)) if page.reads_names else None
    context = {
        "page": page,
        "notice": found,
        "form": form,
        "may_post": request.user.acting_role in takers_of(found),
        "subject": subject,
        "files": files_of(request.user, subject) if subject else [],
    }
    return render(request, "notices/notice.html", context, status=status)


@require_http_methods(["POST"])
def notice_down(request: OfficerRequest, notice: int) -> HttpResponse:
    """Record the taking down of a notice."""
    found = notice_of(request, notice)
    form = TakeDownForm(request.POST)
    if form.is_valid():
        try:
            take_down(found.pk, on=form.cleaned_data["on"], by=request.user)
        except NotAllowed:
            raise
        except Refused as refusal:
            fields = refusal.details.get("fields")
            form.take_faults(fields or {"on": refusal.message})
        else:
            messages.success(
                request, _("Recorded. Add a photo of the empty board to make it complete.")
            )
            return redirect("pages:notice", found.pk)
    return _page(request, found, form, status=400)


@require_safe
def poster(request: OfficerRequest, notice: int) -> HttpResponse:
    """The poster of a notice, for paper of A3 or A4."""
    found = notice_of(request, notice)
    if not may_print(request.user, found):
        raise Http404
    context = {
        "poster": poster_of(found),
        "announcement": is_announcement(found),
        "large": request.GET.get("paper") != "a4",
    }
    return render(request, "notices/poster.html", context)


@login_not_required
@require_safe
def public_notices(request: OfficerRequest, code: str = "") -> HttpResponse:
    """The current notices of a place, for anybody; no session is begun, no cookie is set."""
    wanted = request.GET.get("lang", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else get_language()
    with translation.override(language):
        response = _public(request, code)
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _public(request: OfficerRequest, code: str) -> HttpResponse:
    asked = request.GET.get("lang") == get_language()
    told: dict[str, Any] = {
        "chinese": CHINESE,
        "carried": f"?lang={get_language()}" if asked else "",
    }
    if wait := too_many(request):
        later = loader.render_to_string("notices/public_later.html", told | {"seconds": wait})
        response = HttpResponse(later, status=429)
        response["Retry-After"] = str(wait)
        return response
    page = public_page(code, today=business_date())
    if page is None:
        raise Http404
    response = HttpResponse(loader.render_to_string("notices/public.html", told | {"page": page}))
    response["Cache-Control"] = f"public, max-age={SECONDS_IN_CACHE}"
    return response


@login_not_required
@require_safe
def robots(request: OfficerRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
