"""The standards of the years: what holds, preparing one, trying it, and publishing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.models import Standard
from officers.http import OfficerRequest
from reviews import tasks
from reviews.actions.standards import (
    change_standard,
    discard_standard,
    prepare_standard,
    preview_standard,
    publish_standard,
)
from reviews.queries.comparing import is_small
from reviews.queries.standard_pages import (
    account_of,
    changes_by_part,
    content_to_begin_with,
    drafts,
    held_standards,
    history_of,
    past_of,
)
from reviews.queries.standards import (
    effect_of,
    may_discard,
    refusal_to_change,
    refusal_to_publish,
    trial_of,
    visible_standards,
)
from reviews.rights import may_prepare, require_reader
from reviews.standard_forms import DiscardForm, StandardForm, content_of
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.sheets import FORMS

YEAR_DIGITS = 4


def standard_of(request: OfficerRequest, standard_id: int) -> Standard:
    """The standard of the address, as far as the officer may read it, else 404."""
    standard = get_object_or_404(visible_standards(request.user), pk=standard_id)
    require_reader(request.user)
    return standard


def draft_of(request: OfficerRequest, standard_id: int) -> Standard:
    """The same while it is a draft; raises Refused once it was published or set aside."""
    standard = standard_of(request, standard_id)
    if refusal := refusal_to_change(standard):
        raise refusal
    return standard


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """What holds, and the drafts; with a year, everything that was ever prepared for it."""
    require_reader(request.user)
    context: dict[str, Any] = {"may_prepare": may_prepare(request.user)}
    if year := _year(request):
        context |= {"year": year, "history": history_of(request.user, year)}
        return render(request, "reviews/standard_year.html", context)
    context |= {"held": held_standards(request.user), "drafts": drafts(request.user)}
    return render(request, "reviews/standards.html", context)


def _year(request: OfficerRequest) -> int | None:
    """The year that the address names."""
    text = request.GET.get("year", "")
    is_year = len(text) == YEAR_DIGITS and text.isascii() and text.isdecimal()
    return int(text) if is_year else None


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: OfficerRequest) -> HttpResponse:
    require_reader(request.user)
    _require_preparer(request)
    begin = content_to_begin_with(request.user, _year(request) or business_date().year)
    form = _form(request, begin)
    if form.is_valid():
        draft = prepare_standard(form.content(), by=request.user)
        messages.success(request, _("The draft is kept. Now see what it would change."))
        return redirect("standards:standard", draft.pk)
    return _form_page(request, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficerRequest, standard_id: int) -> HttpResponse:
    draft = draft_of(request, standard_id)
    _require_preparer(request)
    form = _form(request, content_of(draft))
    if form.is_valid():
        new = change_standard(draft.pk, form.content(), by=request.user)
        messages.success(
            request, _("The draft is changed. What was previewed before does not count for it.")
        )
        return redirect("standards:standard", new.pk)
    return _form_page(request, {"form": form, "draft": draft})


def _require_preparer(request: OfficerRequest) -> None:
    if not may_prepare(request.user):
        raise NotAllowed(
            _("The province officer prepares the standards of the province."), code="wrong_role"
        )


def _form(request: OfficerRequest, begin: dict[str, Any]) -> StandardForm:
    typed = request.POST if request.method == "POST" else None
    return StandardForm(typed, last_year=business_date().year + 1, initial=begin)


def _form_page(request: OfficerRequest, context: dict[str, Any]) -> HttpResponse:
    status = 400 if context["form"].errors else 200
    return render(request, "reviews/standard_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: OfficerRequest, standard_id: int) -> HttpResponse:
    draft = draft_of(request, standard_id)
    if not may_discard(request.user, draft):
        raise NotAllowed(
            _("An officer or approver of the province sets a draft aside."), code="wrong_role"
        )
    form = DiscardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        discard_standard(draft.pk, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The draft is set aside. It stays on record."))
        return redirect("standards:standard", draft.pk)
    context = {"form": form, "draft": draft}
    status = 400 if form.errors else 200
    return render(request, "reviews/standard_discard.html", context, status=status)


@require_safe
def page(request: OfficerRequest, standard_id: int) -> HttpResponse:
    standard = standard_of(request, standard_id)
    trial = trial_of(request.user, standard)
    is_shown = trial is not None and trial.is_sound
    refusal = refusal_to_publish(request.user, standard, trial) if standard.is_draft else None
    context = {
        "standard": standard,
        "account": account_of(standard),
        "past": past_of(request.user, standard),
        "trial": trial,
        "effect": effect_of(request.user, trial) if trial and is_shown else None,
        "parts": changes_by_part(request.user, trial)
        if trial and is_shown and is_small(trial)
        else [],
        "forms": FORMS,
        "refusal": refusal,
        "may_prepare": may_prepare(request.user),
        "may_discard": may_discard(request.user, standard),
    }
    return render(request, "reviews/standard.html", context)


@require_POST
def preview(request: OfficerRequest, standard_id: int) -> HttpResponse:
    draft = standard_of(request, standard_id)
    trial = preview_standard(draft.pk, by=request.user)
    for run, _progress in trial.progress:
        tasks.nudge(run.pk)
    messages.success(request, _("The preview has begun. It goes on when you leave this page."))
    return redirect("standards:standard", draft.pk)


@require_safe
def progress(request: OfficerRequest, standard_id: int) -> HttpResponse:
    """The progress of the preview alone, for htmx; at its end the whole page is asked for."""
    standard = standard_of(request, standard_id)
    trial = trial_of(request.user, standard)
    context = {"standard": standard, "trial": trial}
    response = render(request, "reviews/standard_progress.html", context)
    if trial is None or not trial.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def publish(request: OfficerRequest, standard_id: int) -> HttpResponse:
    draft = standard_of(request, standard_id)
    published = publish_standard(draft.pk, by=request.user)
    messages.success(
        request,
        _("Published as standard no. %(number)s. From now on nothing of it changes.")
        % {"number": published.number},
    )
    return redirect("standards:standard", published.pk)
