"""Proposing a correction of a frozen year: the figures, a look at what differs, then the case."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from households.actions.corrections import (
    plain_figures,
    propose_correction,
    refuse_unfrozen,
    survey_in_force,
)
from households.correction_forms import CHANGE, PROPOSE, CorrectionForm
from households.correction_pages import (
    frozen_year,
    moved_since,
    persons_of,
    require_corrector,
    weighed,
)
from households.importing.importers import FIRST_YEAR
from households.models import Household, Survey
from households.queries import visible_households
from households.snapshot import survey_values
from officers.http import OfficerRequest
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: OfficerRequest, number: str, year: int) -> HttpResponse:
    found = visible_households(request.user).select_related("village")
    household = get_object_or_404(found, number=number)
    require_corrector(request.user)
    if not FIRST_YEAR <= year <= business_date().year:
        raise Http404
    survey = survey_in_force(household, year)
    refuse_unfrozen(survey.village_id if survey else household.village_id, year)
    form = CorrectionForm(request.POST or None, survey=survey)
    if request.method != "POST" or request.POST.get("act") == CHANGE:
        return _form_page(request, household, year, form, status=200)
    if not form.is_valid():
        return _form_page(request, household, year, form, status=400)
    if form.cleaned_data["seen"] != (survey.pk if survey else None):
        return _stale_page(request, household, year, form)
    if request.POST.get("act") == PROPOSE:
        return _propose(request, household, year, form)
    return _check_page(request, household, year, form, survey)


def _propose(
    request: OfficerRequest, household: Household, year: int, form: CorrectionForm
) -> HttpResponse:
    try:
        case = propose_correction(
            household,
            year=year,
            seen=form.cleaned_data["seen"],
            figures=form.figures(),
            reason=form.cleaned_data["reason"],
            proof=form.cleaned_data["proof"],
            by=request.user,
        )
    except NotAllowed:
        raise
    except Stale:
        return _stale_page(request, household, year, form)
    except Refused as refusal:
        form.take_refusal(refusal)
        return _form_page(request, household, year, form, status=refusal.status)
    messages.success(
        request, _("The correction is proposed. The county approver decides it in this case.")
    )
    return redirect("pages:case", case.pk)


def _check_page(
    request: OfficerRequest,
    household: Household,
    year: int,
    form: CorrectionForm,
    survey: Survey | None,
) -> HttpResponse:
    """What differs, before anything is proposed; the same page again when nothing does."""
    seen = weighed(
        household,
        year,
        persons_of(household, survey),
        survey_values(survey),
        plain_figures(form.figures()),
    )
    if not seen.changes:
        form.add_error(None, _("No figure differs. There is nothing to correct."))
        return _form_page(request, household, year, form, status=400)
    context = _frame(request, household, year) | {"form": form, "weighed": seen}
    return render(request, "households/correct_check.html", context)


def _stale_page(
    request: OfficerRequest, household: Household, year: int, form: CorrectionForm
) -> HttpResponse:
    """The form with what was typed and the figures in force by now, and how they moved."""
    survey = survey_in_force(household, year)
    moved = moved_since(household, year, form.cleaned_data["seen"], survey)
    typed = request.POST.copy()
    typed["seen"] = str(survey.pk) if survey else ""
    again = CorrectionForm(typed, survey=survey)
    return _form_page(request, household, year, again, status=409, moved=moved)


def _form_page(
    request: OfficerRequest,
    household: Household,
    year: int,
    form: CorrectionForm,
    *,
    status: int,
    **more: Any,
) -> HttpResponse:
    context = _frame(request, household, year) | {"form": form} | more
    return render(request, "households/correct.html", context, status=status)


def _frame(request: OfficerRequest, household: Household, year: int) -> dict[str, Any]:
    survey = survey_in_force(household, year)
    frozen = frozen_year(request.user, household, year, survey)
    return {"household": household, "year": year, "frozen": frozen}
