"""The policy parameters of the officer's division, and setting one."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exits.queries.warnings import LIMITS
from exits.tasks import nudge
from officers.http import OfficerRequest
from registry.pages.parameters.forms import ParameterForm, YearForm
from registry.pages.parameters.queries import (
    held_by,
    history_of,
    may_confirm,
    parameters_of,
    versions_for,
    waiting_for,
    why_not_set,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.actions import confirm_parameter, set_parameter
from workflow.errors import Incomplete
from workflow.parameters import BY_TWO, PARAMETERS

FIRST_YEAR = 2014


@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    _require_posting(request)
    this = business_date().year
    years = [*range(this + 1, FIRST_YEAR - 1, -1)]
    form = YearForm({"year": str(this), **request.GET.dict()}, years=years, this=this)
    year = form.wanted()
    context = {
        "form": form,
        "year": year,
        "groups": parameters_of(request.user, year),
        "waiting": waiting_for(request.user),
        "why_not_set": why_not_set(request.user),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "parameters/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: OfficerRequest) -> HttpResponse:
    """One parameter, which the address names by its key: its versions, and the form to set it."""
    _require_posting(request)
    key = request.GET.get("key", "")
    if key not in PARAMETERS:
        raise Http404
    form = _form(request, key, request.POST or None)
    if form.is_valid() and _is_set(request, key, form):
        text = (
            _("The version is written. The province approver, another officer, confirms it.")
            if key in BY_TWO
            else _("The new value is set. Earlier versions are kept.")
        )
        messages.success(request, text)
        return redirect(f"{request.path}?key={key}")
    return _page(request, key, form, 400 if form.errors else 200)


def _form(request: OfficerRequest, key: str, data: QueryDict | None = None) -> ParameterForm:
    this = business_date().year
    return ParameterForm(
        data,
        known=PARAMETERS[key],
        value=held_by(request.user, key, this).row.value,
        years=[this - 1, this, this + 1],
        initial={"year": this},
    )


def _page(
    request: OfficerRequest,
    key: str,
    form: ParameterForm,
    status: int,
    refusal: Refused | None = None,
) -> HttpResponse:
    this = business_date().year
    history = history_of(request.user, key)
    context = {
        "form": form,
        "held": held_by(request.user, key, this),
        "year": this,
        "history": history,
        "confirmable": [one for one in history if may_confirm(request.user, one)],
        "by_two": key in BY_TWO,
        "refusal": refusal,
        "why_not_set": why_not_set(request.user, key),
    }
    return render(request, "parameters/parameter.html", context, status=status)


@require_POST
def confirm(request: OfficerRequest, version: int) -> HttpResponse:
    """Let a version hold that another officer wrote; what stands against it is said on its page."""
    found = get_object_or_404(versions_for(request.user), pk=version, key__in=PARAMETERS)
    try:
        confirm_parameter(found.pk, by=request.user)
    except NotAllowed:
        raise
    except Refused as refusal:
        form = _form(request, found.key)
        return _page(request, found.key, form, refusal.status, refusal)
    _follow(found.key)
    messages.success(request, _("The version is confirmed and holds."))
    return redirect(f"{reverse('pages:parameter')}?key={found.key}")


def _is_set(request: OfficerRequest, key: str, form: ParameterForm) -> bool:
    """Whether it was set; where not, the faults stand at their fields."""
    try:
        set_parameter(
            request.user.acting_division,
            key,
            year=form.cleaned_data["year"],
            value=form.value(),
            source=form.cleaned_data["source"],
            by=request.user,
        )
    except Incomplete as faulty:
        form.take(faulty.details["fields"])
        return False
    _follow(key)
    return True


def _follow(key: str) -> None:
    """Weigh the open cases anew whose flags rest on the parameter."""
    if key in LIMITS:
        nudge()


def _require_posting(request: OfficerRequest) -> None:
    if request.user.posting is None:
        raise NotAllowed(_("You have no posting in force today."), code="no_posting")
