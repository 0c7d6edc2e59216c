from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assistance.queries.glance import glance_at
from exits.queries.proposing import acts_for
from households.changing.procedure import PROPOSERS
from households.correction_pages import frozen_year
from households.entry.drafts import DRAFTERS
from households.models import Household, Survey
from households.queries import visible_households
from officers.http import OfficerRequest
from registry.pages.forms import KnownForm
from registry.pages.opened import remember_opened
from registry.pages.places import CASE_ROLES
from registry.pages.quality.queries import standing_of
from registry.pages.queries.as_of import FIRST_YEAR, as_of
from registry.pages.queries.finding import (
    Known,
    end_of,
    finding_view,
    known_at_review,
    proposals_of,
    year_to_judge,
)
from registry.pages.queries.household import household_view, surveys_in_force, year_table
from registry.pages.queries.lines import lines_by_kind
from registry.pages.queries.trace import cases_of, trace_of
from reviews.models import Proposal
from reviews.rights import READERS as REVIEW_READERS
from teams.queries.pairings import pairings_on_record
from teams.queries.visits import visits_in_year, visits_of_household
from teams.rights import FIELD, MANAGERS, VISIT_LISTERS, VISITORS, reads_roster
from trail.dates import business_date

YEARS_BACK = 8
VISITS_SHOWN = 5


def household_of(request: OfficerRequest, number: str) -> Household:
    """The household of the address within the officer's posting, else 404."""
    found = visible_households(request.user).select_related("village")
    return get_object_or_404(found, number=number)


@require_safe
def page(request: OfficerRequest, number: str) -> HttpResponse:
    household = household_of(request, number)
    today = business_date()
    if "as_of" in request.GET:
        return _as_of(request, household, today.year)
    remember_opened(request, household.pk)
    view = household_view(request.user, household, today=today)
    surveys = surveys_in_force(household)
    proposals = proposals_of(request.user, household)
    latest = surveys[-1].year if surveys else year_to_judge(household, today=today)
    asked = request.GET.copy()
    asked.setdefault("year", str(latest))
    form = KnownForm(asked, years=_years(surveys, latest, today.year), today=today)
    year = form.year_or(latest)
    known = _known(form, proposals, request.GET.get("review", ""))
    finding = finding_view(household, year, known, persons=len(view.people))
    cases = cases_of(request.user, household)
    context: dict[str, Any] = {
        "form": form,
        "view": view,
        "household": household,
        "frozen": frozen_year(
            request.user, household, year, next((one for one in surveys if one.year == year), None)
        ),
        "finding": finding,
        "lines": lines_by_kind(finding.survey),
        "years": year_table(household, surveys) if surveys else None,
        "proposals": proposals,
        "may_report": request.user.acting_role in PROPOSERS,
        "may_update": request.user.acting_role in DRAFTERS,
        "reads_reviews": request.user.acting_role in REVIEW_READERS,
        "reads_cases": request.user.acting_role in CASE_ROLES,
        "cases": cases,
        "exit_acts": acts_for(
            request.user, household, [one.case.kind for one in cases if not one.case.closed_at]
        ),
        "to_check": standing_of(request.user, household),
        "trace": trace_of(request.user, household),
        "help": glance_at(request.user, household, year=today.year, today=today),
        "may_visit": request.user.acting_role in VISITORS,
        "helpers": pairings_on_record(household, today),
        "sees_phones": request.user.acting_role in FIELD,
        "reads_roster": reads_roster(request.user),
        "pairs": request.user.acting_role in MANAGERS,
        "lists_visits": request.user.acting_role in VISIT_LISTERS,
        "visits": visits_of_household(request.user, household, most=VISITS_SHOWN),
        "visits_this_year": visits_in_year(household, today.year),
    }
    return render(request, "registry/household.html", context)


def _as_of(request: OfficerRequest, household: Household, this_year: int) -> HttpResponse:
    """The household as it stood at the end of the year of the address, else 404."""
    years = [*range(this_year - YEARS_BACK, this_year)]
    asked = request.GET["as_of"]
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else 0
    if not FIRST_YEAR <= year < this_year:
        raise Http404
    context = {
        "household": household,
        "then": as_of(request.user, household, year),
        "years": sorted({*years, year}, reverse=True),
    }
    return render(request, "registry/household_as_of.html", context)


def _years(surveys: list[Survey], *others: int) -> list[int]:
    return sorted({*others, *(survey.year for survey in surveys)}, reverse=True)


def _known(form: KnownForm, proposals: list[Proposal], review: str) -> Known:
    """The moment that the address names: a review, the end of a day, or now."""
    if review:
        named = next((one for one in proposals if str(one.review_id) == review), None)
        if named is None:
            raise Http404
        return known_at_review(named)
    day = form.day()
    return Known(end_of(day)) if day else Known()
