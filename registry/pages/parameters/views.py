"""The policy parameters of the officer's division, and setting one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officers.http import OfficerRequest
from registry.pages.parameters.forms import ParameterForm, YearForm
from registry.pages.parameters.queries import held_by, history_of, parameters_of, why_not_set
from trail.dates import business_date
from trail.errors import NotAllowed
from workflow.actions import set_parameter
from workflow.errors import Incomplete
from workflow.parameters import PARAMETERS

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
        "why_not_set": why_not_set(request.user),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "parameters/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: OfficerRequest) -> HttpResponse:
    """One parameter, which the address names by its key: its versions, and the form to set it."""
    _require_posting(request)
    key, this = request.GET.get("key", ""), business_date().year
    if key not in PARAMETERS:
        raise Http404
    held = held_by(request.user, key, this)
    form = ParameterForm(
        request.POST or None,
        known=PARAMETERS[key],
        value=held.row.value,
        years=[this - 1, this, this + 1],
        initial={"year": this},
    )
    if form.is_valid() and _is_set(request, key, form):
        messages.success(request, _("The new value is set. Earlier versions are kept."))
        return redirect(f"{request.path}?key={key}")
    context = {
        "form": form,
        "held": held,
        "year": this,
        "history": history_of(request.user, key),
        "why_not_set": why_not_set(request.user),
    }
    return render(request, "parameters/parameter.html", context, status=400 if form.errors else 200)


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
    return True


def _require_posting(request: OfficerRequest) -> None:
    if request.user.posting is None:
        raise NotAllowed(_("You have no posting in force today."), code="no_posting")
