"""The account administrator's pages about postings."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from divisions.scope import reaches
from officers.actions import (
    confirm_posting,
    end_posting,
    grant_posting,
    hand_over,
    propose_posting,
    refuse_posting,
)
from officers.forms import EndForm, GrantForm, HandOverForm, ReasonForm, show_refusal
from officers.models import Officer, Posting, PostingRequest
from officers.rights import require
from officers.rules import TWO_PERSON, Role
from officers.views.accounts import account_or_404
from officers.waiting import waits_for


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    officer = account_or_404(request, pk)
    form = GrantForm(request.POST if request.method == "POST" else None, admin=request.user)
    if form.is_valid():
        terms = form.terms()
        act = propose_posting if terms.role in TWO_PERSON else grant_posting
        try:
            made = act(officer, terms, by=request.user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _outcome(made))
            return redirect("officers:show", pk=officer.pk)
    context = {"form": form, "officer": officer}
    return render(request, "officers/grant.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    posting = posting_or_404(request, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_posting(posting, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The end of the posting is recorded."))
            return to_account(request, posting.officer)
    context = {"form": form, "posting": posting, "waiting": waits_for(posting)}
    return render(request, "officers/end.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    posting = posting_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, admin=request.user, posting=posting)
    if form.is_valid():
        try:
            made = hand_over(posting, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _outcome(made))
            return to_account(request, made.officer)
    context = {"form": form, "posting": posting, "waiting": waits_for(posting)}
    return render(request, "officers/hand_over.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A posting that waits for a second person; its form refuses with a reason."""
    wanted = request_or_404(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        refuse_posting(wanted, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The posting is refused."))
        return redirect("officers:accounts")
    context = {"form": form, "wanted": wanted}
    return render(request, "officers/decide.html", context, status=400 if form.errors else 200)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    wanted = request_or_404(request, pk)
    try:
        confirm_posting(wanted, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("officers:decide", pk=pk)
    messages.success(request, _("The posting is granted."))
    return redirect("officers:accounts")


def request_or_404(request: HttpRequest, pk: int) -> PostingRequest:
    """The waiting request within one's own posting; 404 for a stranger or once it is decided."""
    waiting = PostingRequest.objects.visible_to(request.user).open()
    found = get_object_or_404(waiting.select_related("officer", "division", "proposed_by"), pk=pk)
    require(request.user, Role.ACCOUNT_ADMIN)
    return found


def posting_or_404(request: HttpRequest, pk: int) -> Posting:
    """The posting within one's own; 404 for a stranger, NotAllowed for another role."""
    found = Posting.objects.visible_to(request.user).select_related("officer", "division")
    posting = get_object_or_404(found, pk=pk)
    require(request.user, Role.ACCOUNT_ADMIN)
    return posting


def to_account(request: HttpRequest, officer: Officer) -> HttpResponse:
    """To the officer's page, or to the list when the account is managed elsewhere."""
    if reaches(request.user, officer.home_id):
        return redirect("officers:show", pk=officer.pk)
    return redirect("officers:accounts")


def _outcome(made: Posting | PostingRequest) -> str:
    if isinstance(made, PostingRequest):
        return _("The posting waits for a second account administrator, who confirms it.")
    return _("The posting is granted.")
