"""The account administrator's pages about accounts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officers.actions import (
    activate_officer,
    create_officer,
    deactivate_officer,
    issue_reset_link,
)
from officers.forms import (
    AccountFilterForm,
    AccountSearchForm,
    NewOfficerForm,
    ReasonForm,
    show_refusal,
)
from officers.models import Officer
from officers.queries import (
    AccountFilter,
    accounts,
    find_accounts,
    postings_of,
    requests_for,
    trace_of,
)
from officers.rights import require
from officers.rules import Role
from trail.dates import business_date

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    require(request.user, Role.ACCOUNT_ADMIN)
    today, posted = business_date(), request.method == "POST"
    search = AccountSearchForm(request.POST if posted else None)
    filters = AccountFilterForm(request.GET)
    wanted = AccountFilter(**filters.cleaned_data) if filters.is_valid() else AccountFilter()
    found = accounts(request.user, wanted, today=today)
    if posted and search.is_valid():
        found = find_accounts(request.user, search.cleaned_data["term"], today=today)
    context = {
        "form": search if posted else filters,
        "search": search,
        "filters": filters,
        "term": search.cleaned_data.get("term", "") if posted and search.is_bound else "",
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "requests": requests_for(request.user),
        "today": today,
    }
    return render(request, "officers/accounts.html", context, status=400 if search.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    require(request.user, Role.ACCOUNT_ADMIN)
    form = NewOfficerForm(request.POST if request.method == "POST" else None, admin=request.user)
    if form.is_valid():
        try:
            officer = create_officer(**form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request, _("The account is made. Now give it a posting and a one-time link.")
            )
            return redirect("officers:show", pk=officer.pk)
    return render(
        request, "officers/create.html", {"form": form}, status=400 if form.errors else 200
    )


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    officer = account_or_404(request, pk)
    context = {
        "officer": officer,
        "postings": postings_of(officer),
        "trace": trace_of(officer),
        "today": business_date(),
        "own": set(officer.postings.visible_to(request.user).values_list("pk", flat=True)),
    }
    return render(request, "officers/show.html", context)


@require_POST
def reset_link(request: HttpRequest, pk: int) -> HttpResponse:
    officer = account_or_404(request, pk)
    link = issue_reset_link(officer, by=request.user)
    path = reverse("officers:reset", args=[link.uidb64, link.token])
    context = {"officer": officer, "link": request.build_absolute_uri(path)}
    return render(request, "officers/link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    officer = account_or_404(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        deactivate_officer(officer, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The account is stopped. Its sessions are ended."))
        return redirect("officers:show", pk=officer.pk)
    context = {"form": form, "officer": officer}
    return render(request, "officers/deactivate.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    officer = account_or_404(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        activate_officer(officer, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The account may sign in again."))
        return redirect("officers:show", pk=officer.pk)
    context = {"form": form, "officer": officer}
    return render(request, "officers/activate.html", context, status=400 if form.errors else 200)


def account_or_404(request: HttpRequest, pk: int) -> Officer:
    """The account within the posting; 404 for a stranger, NotAllowed for another role."""
    officer = get_object_or_404(Officer.objects.visible_to(request.user), pk=pk)
    require(request.user, Role.ACCOUNT_ADMIN)
    return officer
