"""The list of poor counties, one of them with its figures and proposal, its evaluation."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from divisions.models import Level
from divisions.scope import NATION
from exits.actions.counties import KIND, propose_county, record_evaluation
from exits.forms.places import EvaluationFileForm, EvaluationForm, ProposeForm, ReportForm
from exits.importing.sample import SampleFile, read_sample, sample_template
from exits.incidence_bar import incidence_bar
from exits.models import Evaluation
from exits.procedure import COUNTY_EXIT
from exits.queries.counties import evaluated, facts_of, later_figures, standing_of
from exits.queries.evaluation_words import rate_rows
from exits.queries.evaluations import differences_of, on_record
from exits.queries.figures import incidence_text
from exits.queries.listed import county_rows, state_of
from exits.queries.place_account import incidence_rows
from exits.rights import COUNTY_LISTERS, EVALUATORS
from exits.rules.counties import eligibility_faults
from exits.rules.shares import limit_percent
from exits.rules.villages import year_faults
from exits.views.places import asked_place, asked_year, listed_of
from households.importing.reader import FileRefused
from households.rights import drawn_count, is_hidden_count
from officers.http import OfficerRequest
from teams.views.asked import above
from teams.views.trying import tried
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.rules import digest
from trail.sheets import FileForm, as_file
from workflow.models import Case
from workflow.queries import open_cases_of

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The poor counties of a place, each with its villages and its state."""
    place = asked_place(request)
    context = {
        "place": place,
        "above": above(request, place),
        "rows": county_rows(request.user, place.pk[:6] if place.pk != NATION else NATION),
        "may_list": request.user.acting_role in COUNTY_LISTERS,
    }
    return render(request, "exits/counties/list.html", context)


@require_http_methods(GET_POST)
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """One county: eligibility with its numbers, its evaluation; a POST proposes its exit."""
    listed = listed_of(request, code, Level.COUNTY)
    years = asked_year(request, code)
    year = years.wanted_year()
    form = ProposeForm(request.POST) if request.method == "POST" else None
    outcome = None
    if form:

        def act() -> Case:
            known = form.cleaned_data
            return propose_county(code, year=known["year"], seen=known["seen"], by=request.user)

        outcome = tried(form, act)
        if outcome.result:
            messages.success(request, _("The exit is proposed. The city reviews it now."))
            return redirect("pages:case", outcome.result.pk)
        year = form.cleaned_data.get("year") or year
    facts = facts_of(code, year)
    standing = standing_of(facts)
    later = later_figures(code, year)
    faults = [*year_faults(year, later, business_date()), *eligibility_faults(standing)]
    case = open_cases_of(KIND, [code]).get(code)
    proposes = request.user.acting_role in COUNTY_EXIT.openers
    may_go = proposes and case is None and listed.exited_on is None and not faults
    cases = list(Case.objects.visible_to(request.user).filter(kind=KIND, subject=code))
    results = evaluated(cases[-1]) if cases else None
    hidden = is_hidden_count(request.user, standing.count.poor)
    title = _("Incidence %(incidence)s, limit %(limit)s")
    words = {
        "incidence": _("hidden") if hidden else incidence_text(standing.count),
        "limit": limit_percent(standing.count.limit_bp),
    }
    context = {
        "listed": listed,
        "facts": facts,
        "state": state_of(listed, case),
        "case": case,
        "year": year,
        "years": years,
        "form": form or years,
        "stale": outcome.stale if outcome else None,
        "rows": incidence_rows(request.user, standing.count),
        "bar": incidence_bar(
            title % words,
            drawn_count(request.user, standing.count.poor),
            standing.count.population or 0,
            limit_bp=standing.count.limit_bp,
        ),
        "faults": [_(one.text) % one.values for one in faults],
        "results": results,
        "rates": rate_rows(request.user, results.sample, results.rates) if results else [],
        "differences": differences_of(request.user, results.evaluation) if results else [],
        "cases": cases[::-1],
        "propose": ProposeForm(initial={"seen": digest(facts), "year": year}) if may_go else None,
    }
    status = outcome.status if outcome else 400 if years.errors else 200
    return render(request, "exits/counties/county.html", context, status=status)


def case_of_county(request: OfficerRequest, key: int) -> Case:
    """The case of the address within the posting, else 404; for who records evaluations."""
    visible = Case.objects.visible_to(request.user).filter(kind=KIND).select_related("division")
    found = get_object_or_404(visible, pk=key)
    if request.user.acting_role not in EVALUATORS:
        raise NotAllowed(_("The province officer records the evaluation."), code="wrong_role")
    return found


def _known(request: OfficerRequest, case: Case) -> dict[str, Any]:
    """What the register says already, as far as the officer may read it."""
    found = on_record(case).items()
    return {name: count for name, count in found if not is_hidden_count(request.user, count)}


@require_http_methods(GET_POST)
def evaluation(request: OfficerRequest, case: int) -> HttpResponse:
    """The result of the special evaluation, entered by hand."""
    found = case_of_county(request, case)
    form = EvaluationForm(request.POST or None, initial=_known(request, found))

    def act() -> Evaluation:
        return record_evaluation(found.pk, form.report(form.sampled()), by=request.user)

    return _entered(request, found, form, act, "exits/counties/evaluation.html", {})


@require_http_methods(GET_POST)
def evaluation_file(request: OfficerRequest, case: int) -> HttpResponse:
    """The result of the special evaluation, its sample from a file village by village."""
    found = case_of_county(request, case)
    posted = request.method == "POST"
    form = (
        EvaluationFileForm(request.POST, request.FILES)
        if posted
        else EvaluationFileForm(initial=_known(request, found))
    )
    sample: SampleFile | None = None
    if posted and form.is_valid():
        try:
            sample = read_sample(form.cleaned_data["file"].read(), found.subject)
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            if sample.faults:
                form.add_error("file", _("Some rows of the file are wrong. Nothing was saved."))

    def act() -> Evaluation:
        sums = sample.sums if sample else {}
        return record_evaluation(found.pk, form.report(sums), by=request.user, origin="file")

    context = {"faults": sample.faults if sample else []}
    return _entered(request, found, form, act, "exits/counties/evaluation_file.html", context)


def _entered(
    request: OfficerRequest,
    case: Case,
    form: ReportForm,
    act: Callable[[], Evaluation],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    outcome = tried(form, act)
    if outcome.result:
        messages.success(request, _("The result is recorded. Take it over into the case now."))
        return redirect("pages:case", case.pk)
    context |= {"form": form, "case": case}
    return render(request, template, context, status=outcome.status)


@require_safe
def evaluation_template(request: OfficerRequest, case: int, form: FileForm) -> HttpResponse:
    """The template of the sample's file."""
    case_of_county(request, case)
    return as_file(sample_template(), form, "evaluation-sample")
