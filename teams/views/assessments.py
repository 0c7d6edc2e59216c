"""The pages of yearly assessments: the list of a year, one of them, points and the poll."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from divisions.models import Division, Level
from officers.http import OfficerRequest
from teams.actions.assessing import (
    give_points,
    open_assessment,
    open_assessments,
    record_poll,
)
from teams.actions.incentives import record_incentive
from teams.forms.assessments import (
    AssessmentFilter,
    IncentiveForm,
    OpenOneForm,
    PointsForm,
    PollForm,
)
from teams.grade_bars import grade_bars
from teams.models import Assessment, Cadre
from teams.models.assessing import GRADE_NAMES
from teams.procedure import TOWNSHIP
from teams.queries.assessment_account import account_of, is_own, why_no_points
from teams.queries.assessments import COUNTY_DIGITS, quota_of, weigh
from teams.queries.grades import (
    PAGE_ROWS,
    Tally,
    Wanted,
    assessments_page,
    not_opened,
    tallies_below,
    tally_of,
    visible_assessments,
    year_of,
)
from teams.refusals import EntryRefused
from teams.rights import FIELD, MANAGERS, OVERSEERS, SIDES, reads_assessments, reads_grades
from teams.rules.assessment import Assessor
from teams.views.asked import above, page_number, place_of, turned
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from workflow.errors import Incomplete

OPENERS = FIELD | OVERSEERS


@require_safe
def listing(request: OfficerRequest) -> HttpResponse:
    """The assessments of a year in a place: totals, quota, and the list for who reads it."""
    refusal = _("Your role does not read assessments.")
    place = place_of(request, request.GET.get("division", ""), OPENERS, refusal)
    today = business_date()
    data = {"year": str(today.year), **request.GET.dict()}
    form = AssessmentFilter(data)
    form.is_valid()
    said = form.cleaned_data
    year = said.get("year") or today.year
    wanted = Wanted(place.pk, year, said.get("state", ""), said.get("grade"))
    number = page_number(request)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "lists": reads_assessments(request.user),
    }
    if reads_grades(request.user):
        context |= _totals(request, place, year)
    if reads_assessments(request.user) or not reads_grades(request.user):
        page = assessments_page(request.user, wanted, number)
        context["page"] = page
        context |= turned(request, number, has_next=number * PAGE_ROWS < page.count)
    status = 400 if form.errors else 200
    return render(request, "teams/assessments/list.html", context, status=status)


def _totals(request: OfficerRequest, place: Division, year: int) -> dict[str, Any]:
    total = tally_of(place, year)
    grades = list(zip(GRADE_NAMES.values(), total.grades, strict=True))
    context: dict[str, Any] = {
        "total": total,
        "grades": grades,
        "chart": grade_bars(_("Confirmed grades"), grades, "grades-table"),
        "parts": _parts(place, year),
        "grade_names": list(GRADE_NAMES.values()),
    }
    if place.level >= Level.COUNTY:
        county = place.pk[:COUNTY_DIGITS]
        context["quota"] = quota_of(county, year)
        if request.user.acting_role in MANAGERS and place.level == Level.COUNTY:
            context["unopened"] = not_opened(county, year, business_date())
    return context


def _parts(place: Division, year: int) -> list[tuple[Tally, list[tuple[Any, int]]]]:
    """The places below one with their numbers by grade; a township's people are listed anyway."""
    if place.level >= Level.TOWNSHIP:
        return []
    names = GRADE_NAMES.values()
    return [(one, list(zip(names, one.grades, strict=True))) for one in tallies_below(place, year)]


@require_POST
def open_all(request: OfficerRequest) -> HttpResponse:
    """Open the assessments of everybody who served in the year."""
    year = year_of(request.POST.get("year", ""), business_date())
    opened = open_assessments(year, by=request.user)
    count = len(opened.cases)
    text = ngettext(
        "%(count)s assessment is open now.", "%(count)s assessments are open now.", count
    )
    messages.success(request, text % {"count": count})
    return redirect(f"{reverse('teams:assessments')}?year={year}")


@require_safe
def show(request: OfficerRequest, assessment: int) -> HttpResponse:
    """One assessment: what is on record, and what follows line by line."""
    found = _assessment(request, assessment)
    context = {
        "assessment": found,
        "cadre_account": account_of(request.user, found.case),
        "has_case": reads_assessments(request.user) and not is_own(request.user, found),
    }
    return render(request, "teams/assessments/assessment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def points(request: OfficerRequest, assessment: int) -> HttpResponse:
    """Give points once."""
    found = _assessment(request, assessment)
    if request.method != "POST" and (
        why := why_no_points(request.user, weigh([found])[found.case_id])
    ):
        raise Refused(why)
    sides = SIDES.get(request.user.acting_role, ())
    form = PointsForm(request.POST or None, sides=sides)
    if form.is_valid():
        said = form.cleaned_data
        side = Assessor(said["side"])
        try:
            give_points(
                found.case_id,
                side=side,
                points=said["points"],
                remark=said["remark"],
                by=request.user,
            )
        except Incomplete as refusal:
            form.take(refusal.details["fields"].items())
        else:
            messages.success(request, _("Your points are on record."))
            return redirect("teams:assessment", found.pk)
    return _form(request, found, form, _("Give points"))


@require_http_methods(["GET", "HEAD", "POST"])
def poll(request: OfficerRequest, assessment: int) -> HttpResponse:
    """Record how many villagers are satisfied, or correct it."""
    found = _assessment(request, assessment)
    if request.user.acting_role not in TOWNSHIP:
        raise NotAllowed(_("The township records the villagers' word."), code="wrong_role")
    seen = f"{found.asked}/{found.satisfied}" if found.asked is not None else ""
    initial = {"asked": found.asked, "satisfied": found.satisfied, "seen": seen}
    form = PollForm(request.POST or None, initial=initial)
    stale = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            record_poll(
                found.case_id,
                asked=said["asked"],
                satisfied=said["satisfied"],
                seen=form.seen_pair(),
                by=request.user,
            )
        except Incomplete as refusal:
            form.take(refusal.details["fields"].items())
        except Stale as refusal:
            stale = refusal
            form.see(seen)
        else:
            messages.success(request, _("The villagers' word is on record."))
            return redirect("teams:assessment", found.pk)
    return _form(request, found, form, _("The villagers' word"), stale=stale)


def _form(
    request: OfficerRequest,
    found: Assessment,
    form: Any,
    title: str,
    *,
    stale: Stale | None = None,
) -> HttpResponse:
    context = {"assessment": found, "cadre": found.cadre, "form": form, "title": title}
    status = stale.status if stale else 400 if form.errors else 200
    context["stale"] = stale
    return render(request, "teams/assessments/form.html", context, status=status)


def _assessment(request: OfficerRequest, key: int) -> Assessment:
    """The assessment of the address as the officer sees it, else 404."""
    found = visible_assessments(request.user).select_related("case", "cadre", "term__village")
    return get_object_or_404(found, pk=key)


@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: OfficerRequest, cadre: str) -> HttpResponse:
    """Open the assessment of one person."""
    person = _cadre(request, cadre)
    form = OpenOneForm(request.POST or None, initial={"year": str(business_date().year)})
    if form.is_valid():
        try:
            case = open_assessment(person, form.cleaned_data["year"], by=request.user)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The assessment is open now."))
            return redirect("teams:assessment", case.assessment.pk)
    context = {"cadre": person, "form": form, "title": _("Open an assessment")}
    status = 400 if form.errors else 200
    return render(request, "teams/assessments/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def incentive(request: OfficerRequest, cadre: str) -> HttpResponse:
    """Record what somebody received for his service."""
    person = _cadre(request, cadre)
    form = IncentiveForm(request.POST or None)
    if form.is_valid():
        try:
            record_incentive(person, by=request.user, **form.cleaned_data)
        except EntryRefused as refusal:
            form.take(refusal.faults)
        else:
            messages.success(request, _("The incentive is on record."))
            return redirect("teams:person", person.number)
    context = {"cadre": person, "form": form, "title": _("Record an incentive")}
    status = 400 if form.errors else 200
    return render(request, "teams/assessments/form.html", context, status=status)


def _cadre(request: OfficerRequest, number: str) -> Cadre:
    """The person of the address as the officer sees him, else 404; for the county clerk alone."""
    found = Cadre.objects.visible_to(request.user).select_related("division")
    person = get_object_or_404(found, number=number)
    if request.user.acting_role not in MANAGERS:
        raise NotAllowed(_("The county clerk does this."), code="wrong_role")
    return person
