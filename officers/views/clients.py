"""The account administrator's pages about machine clients and their keys."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officers.actions import create_client, revoke_key, rotate_key, set_networks
from officers.client_forms import SCOPE_NAMES, NetworksForm, NewClientForm, RotateForm
from officers.forms import ReasonForm, show_refusal
from officers.models import Client, ClientKey
from officers.queries import client_row, clients_for
from officers.rights import require
from officers.rules import CONSOLE_SCOPES, Role, Scope

READ_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    require(request.user, Role.ACCOUNT_ADMIN)
    now = timezone.now()
    rows = [(row, row.live(now)) for row in clients_for(request.user)]
    return render(request, "officers/clients.html", {"rows": rows})


@never_cache
@require_http_methods(READ_WRITE)
def create(request: HttpRequest) -> HttpResponse:
    require(request.user, Role.ACCOUNT_ADMIN)
    form = NewClientForm(_sent(request), admin=request.user)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("username", "name", "division")}
        try:
            issued = create_client(**values, terms=form.terms(), by=request.user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            return _told_once(request, issued)
    return _form(request, "officers/new_client.html", form)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    client = client_or_404(request, pk)
    row = client_row(client)
    keys = [
        (key, [SCOPE_NAMES[scope] for scope in scopes], not CONSOLE_SCOPES & {*scopes})
        for key, scopes in ((key, [Scope(one) for one in key.scopes]) for key in row.keys)
    ]
    context = {"row": row, "keys": keys, "now": timezone.now()}
    return render(request, "officers/client.html", context)


@require_http_methods(READ_WRITE)
def networks(request: HttpRequest, pk: int) -> HttpResponse:
    client = client_or_404(request, pk)
    form = NetworksForm(_sent(request), client=client)
    if form.is_valid():
        try:
            set_networks(client, form.listed(), by=request.user)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The networks hold from the next request on."))
            return redirect("officers:client", pk=pk)
    return _form(request, "officers/client_networks.html", form, client=client)


@never_cache
@require_http_methods(READ_WRITE)
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    key = key_or_404(request, pk)
    form = RotateForm(_sent(request))
    if form.is_valid():
        try:
            return _told_once(request, rotate_key(key, **form.cleaned_data, by=request.user))
        except ValidationError as refusal:
            show_refusal(form, refusal)
    return _form(request, "officers/rotate_key.html", form, key=key)


@require_http_methods(READ_WRITE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = key_or_404(request, pk)
    form = ReasonForm(_sent(request))
    if form.is_valid():
        revoke_key(key, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The key opens nothing any more."))
        return redirect("officers:client", pk=key.client_id)
    return _form(request, "officers/revoke_key.html", form, key=key)


def client_or_404(request: HttpRequest, pk: int) -> Client:
    """The client within the posting; 404 for a stranger, NotAllowed for another role."""
    found = Client.objects.visible_to(request.user).select_related("officer__home")
    client = get_object_or_404(found, pk=pk)
    require(request.user, Role.ACCOUNT_ADMIN)
    return client


def key_or_404(request: HttpRequest, pk: int) -> ClientKey:
    """The key of such a client."""
    found = ClientKey.objects.visible_to(request.user).select_related("client__officer__home")
    key = get_object_or_404(found, pk=pk)
    require(request.user, Role.ACCOUNT_ADMIN)
    return key


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _told_once(request: HttpRequest, issued: Any) -> HttpResponse:
    """The page that shows a new key; nothing keeps it, so it is not redirected to."""
    scopes = [SCOPE_NAMES[Scope(one)] for one in issued.key.scopes]
    context = {"key": issued.key, "text": issued.text, "scopes": scopes}
    return render(request, "officers/key.html", context)


def _form(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    status = 400 if form.errors else 200
    return render(request, template, {"form": form} | more, status=status)
