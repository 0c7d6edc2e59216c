"""The plans of exits: plan against actual by place, their versions, and how approvers decide."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assistance.band_chart import band_chart, legend
from divisions.models import Division
from exits.actions.exit_plans import (
    approve_plan,
    may_approve,
    may_propose,
    plan_years,
    propose_plans,
)
from exits.forms.plans import PlanFilterForm, PlansForm
from exits.models import ExitPlan
from exits.queries.approvers import approvers_of
from exits.queries.exit_plans import LOWEST, PlanPage, YearLine, newest_of, plan_page, rolling
from exits.rights import HABIT_READERS, PLACE_READERS
from exits.rules.plans import Mark
from exits.views.places import asked_place
from officers.http import OfficerRequest
from officers.models import Officer
from teams.views.asked import above, place_of
from teams.views.trying import tried
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

TABLE = "plans-caption"
MOST_BARS = 30


@require_safe
def overview(request: OfficerRequest) -> HttpResponse:
    """The plan of a place and year beside its exits, and those of the places below."""
    place, today = asked_place(request), business_date()
    form = PlanFilterForm(request.GET, this=today.year)
    year, about = form.wanted_year(), form.wanted_about()
    if place.level > LOWEST[about]:
        about = ExitPlan.About.HOUSEHOLDS
    page = plan_page(request.user, place, year, about, today=today)
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "about": about,
        "about_label": ExitPlan.About(about).label,
        "page": page,
        "lines": [page.whole, *page.parts],
        "chart": _chart(page),
        "legend": legend(_("planned"), _("exited")),
        "marks": words_of_marks(),
        "with_persons": about == ExitPlan.About.HOUSEHOLDS,
        "differs": Mark.PARTS in page.whole.marks,
        "may_propose": may_propose(request.user, place),
        "reads_habits": request.user.acting_role in HABIT_READERS,
    }
    status = 400 if form.errors else 200
    return render(request, "exits/plans/overview.html", context, status=status)


def words_of_marks() -> dict[str, str]:
    """What stands out, in words."""
    return {
        Mark.EXACT: _("exactly the quota"),
        Mark.OVER: _("more than planned"),
        Mark.UNREACHED: _("not reached"),
        Mark.PARTS: _("differs from the sum below"),
        Mark.RAISED: _("raised after exits"),
    }


def _chart(page: PlanPage) -> str:
    lines = [one for one in (page.parts or [page.whole]) if any(one.drawn)][:MOST_BARS]
    bands = [
        (
            one.division.name,
            one.drawn,
            (f"{one.plan.count:,}" if one.plan else "", one.actual),
        )
        for one in lines
    ]
    return band_chart(_("Planned and actual exits by place"), bands, TABLE) if bands else ""


def _place(request: OfficerRequest, code: str, about: str) -> Division:
    """The place of the address within the posting, else 404; for readers and its kind of plan."""
    place = place_of(request, code, PLACE_READERS, _("Your role does not read the exit plans."))
    if about not in LOWEST or place.level > LOWEST[about]:
        raise Http404
    return place


@require_safe
def versions(request: OfficerRequest, code: str, about: str) -> HttpResponse:
    """The rolling plan of a place: every year with its versions, who proposed and approved them."""
    place = _place(request, code, about)
    return _versions(request, place, about)


def _versions(
    request: OfficerRequest, place: Division, about: str, refused: Refused | None = None
) -> HttpResponse:
    lines = rolling(place.pk, about)
    context = {
        "place": place,
        "above": above(request, place),
        "about": about,
        "about_label": ExitPlan.About(about).label,
        "lines": [(one, _may_approve(request.user, one, place)) for one in lines],
        "with_persons": about == ExitPlan.About.HOUSEHOLDS,
        "may_propose": may_propose(request.user, place),
        "refused": refused,
    }
    status = refused.status if refused else 200
    return render(request, "exits/plans/versions.html", context, status=status)


def _may_approve(officer: Officer, line: YearLine, place: Division) -> bool:
    return line.waiting is not None and may_approve(officer, line.waiting, place)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: OfficerRequest, code: str, about: str) -> HttpResponse:
    """Propose new versions for this year and the next four."""
    place = _place(request, code, about)
    if not may_propose(request.user, place):
        raise NotAllowed(_("Another office plans the exits of this place."), code="wrong_role")
    lines = rolling(place.pk, about)
    form = PlansForm(request.POST or None, about=about, initial=_initial(lines))

    def act() -> list[ExitPlan]:
        known = form.cleaned_data
        return propose_plans(
            place.pk, about, form.entries(), reason=known["reason"],
            seen=form.seen_key() or 0, by=request.user,
        )  # fmt: skip

    outcome = tried(form, act, now=lambda: newest_of(place.pk, about))
    if outcome.result:
        text = ngettext(
            "%(count)s year is proposed. Another officer approves it.",
            "%(count)s years are proposed. Another officer approves them.",
            len(outcome.result),
        )
        messages.success(request, text % {"count": len(outcome.result)})
        return redirect("exits:plan_versions", place.pk, about)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "about": about,
        "about_label": ExitPlan.About(about).label,
        "stale": outcome.stale,
    }
    return render(request, "exits/plans/write.html", context, status=outcome.status)


def _initial(lines: list[YearLine]) -> dict[str, int | None]:
    """What stands in the newest version of each year that can be planned."""
    keys = (one.pk for line in lines for one in line.versions)
    found: dict[str, int | None] = {"seen": max(keys, default=0)}
    for line in lines:
        newest = line.versions[0]
        if line.year in plan_years():
            found |= {f"count_{line.year}": newest.count, f"persons_{line.year}": newest.persons}
    return found


@require_POST
def approve(request: OfficerRequest, plan: int) -> HttpResponse:
    """Put a version into force; what stands against it is said on the page of the versions."""
    visible = ExitPlan.objects.visible_to(request.user).select_related("division")
    found = get_object_or_404(visible, pk=plan)
    try:
        approve_plan(found.pk, by=request.user)
    except NotAllowed:
        raise
    except Refused as refused:
        return _versions(request, found.division, found.about, refused)
    text = _("The plan of %(year)s is in force.") % {"year": found.year}
    messages.success(request, text)
    return redirect("exits:plan_versions", found.division_id, found.about)


@require_safe
def approvers(request: OfficerRequest) -> HttpResponse:
    """Who decided how many exits of a place, and how fast."""
    refusal = _("Your role does not read how approvers decide.")
    place = place_of(request, request.GET.get("division", ""), HABIT_READERS, refusal)
    form = PlanFilterForm(request.GET, this=business_date().year)
    year = form.wanted_year()
    context = {
        "form": form,
        "place": place,
        "above": above(request, place),
        "year": year,
        "found": approvers_of(place.pk, year),
    }
    return render(request, "exits/plans/approvers.html", context)
