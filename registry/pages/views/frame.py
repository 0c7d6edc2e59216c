"""Switches of the frame: language is Django's own; look and demo date are here."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from officers.http import OfficerRequest
from registry.pages.forms import DemoDateForm
from registry.pages.look import CHOICES, keep_look, look_of
from trail.actions import move_demo_date
from trail.dates import business_date


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page of our own that the form names, else home."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if ours else "pages:home")


@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    wanted = {name: request.POST[name] == "yes" for name in CHOICES if name in request.POST}
    response = back(request)
    keep_look(response, replace(look_of(request), **wanted))
    return response


@require_POST
def move_date(request: OfficerRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    form = DemoDateForm(request.POST, business_date=business_date())
    if form.is_valid():
        move_demo_date(by=request.user, days=form.days_ahead())
    else:
        messages.error(request, _("The date was not understood. Write it as 2020-12-31."))
    return back(request)
