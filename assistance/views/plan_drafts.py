"""Drafting a plan, changing its goal, its signatures, a change after the agreement, carrying on."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assistance.actions.approving import advance
from assistance.actions.carrying import carry_forward
from assistance.actions.planning import (
    Chosen,
    change_frame,
    draft_from_recommendation,
    draft_village_plan,
    open_change,
    require_planner,
)
from assistance.forms.planning import (
    BeginForm,
    CarryForm,
    ChangeFrameForm,
    NewPlanForm,
    ReasonForm,
    SignForm,
    TakeUpForm,
    key_of,
)
from assistance.models import Measure, Plan
from assistance.procedure import PLAN
from assistance.queries.carrying import plan_after, to_carry
from assistance.queries.plan_account import reasons_in_words
from assistance.queries.plans import (
    goal_of,
    helper_now,
    open_case_of,
    responsible_for,
    visible_plans,
)
from assistance.queries.recommendation import Recommended, recommended_for
from assistance.rules.measures import Unit
from assistance.rules.planning import plan_years
from assistance.views.plans import VILLAGE_PLANNERS, plan_of
from divisions.models import Division, Level
from divisions.scope import reaches
from households.models import Household
from households.queries import visible_households
from officers.http import OfficerRequest
from teams.forms.judged import JudgedForm
from teams.forms.versioned import VersionedForm
from teams.queries.visits import heads_of
from teams.views.trying import tried
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.queries import act_label

GET_POST = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Tick:
    """A recommended measure as the form offers it, with the reasons for it in words."""

    key: str
    measure: Measure
    who: str
    reasons: list[str]
    is_first: bool


@require_http_methods(GET_POST)
def draft(request: OfficerRequest, number: str) -> HttpResponse:
    """Draft the plan of a household: what is recommended can be ticked, with its reasons."""
    household = _household(request, number)
    require_planner(request.user, household.village_id, household)
    years = plan_years(business_date())
    year = _year(request, years)
    existing = visible_plans(request.user).filter(household=household, year=year).first()
    if existing and request.method != "POST":
        return redirect("assistance:plan", existing.uuid)
    ticks = _ticks(household, year)
    form = NewPlanForm(
        request.POST or None,
        years=[year],
        offered=[(tick.measure.name, chosen) for tick, chosen in ticks],
        helpers=helpers_for(Plan(household=household, village=household.village)),
        initial={
            "year": year,
            "helper": helper_now(household.pk, business_date()),
            "measures": [tick.key for tick, _chosen in ticks if tick.is_first],
        },
    )

    def act() -> Plan:
        return draft_from_recommendation(
            household.pk, year, form.frame(), form.chosen(), by=request.user
        )

    outcome = tried(form, act)
    if outcome.result:
        return _said_drafted(request, outcome.result)
    context = {
        "form": form,
        "household": household,
        "head": heads_of([household.pk]).get(household.pk, ""),
        "year": year,
        "years": years,
        "ticks": list(zip([one for one, _chosen in ticks], form["measures"], strict=True))
        if ticks
        else [],
    }
    return render(request, "assistance/plans/draft.html", context, status=outcome.status)


def _said_drafted(request: OfficerRequest, plan: Plan) -> HttpResponse:
    count = plan.items.count()
    said = ngettext(
        "The plan is drafted with %(n)s measure. Look at each, then record the signatures.",
        "The plan is drafted with %(n)s measures. Look at each, then record the signatures.",
        count,
    )
    messages.success(request, said % {"n": count})
    return redirect("assistance:plan", plan.uuid)


def _household(request: OfficerRequest, number: str) -> Household:
    found = visible_households(request.user).select_related("village")
    return get_object_or_404(found, number=number)


def _year(request: OfficerRequest, years: tuple[int, int]) -> int:
    """The year of the address or of the form; this one where it is odd."""
    asked = request.POST.get("year") or request.GET.get("year", "")
    return next((year for year in years if str(year) == asked), years[0])


def _ticks(household: Household, year: int) -> list[tuple[Tick, Chosen]]:
    """What is recommended for household and members, best first; the best stand ticked."""
    found = recommended_for(household, year=year, today=business_date())
    mine = [one for one in found if not one.against and one.measure.unit != Unit.VILLAGE]
    return [(_tick(one), _chosen(one)) for one in mine]


def _chosen(one: Recommended) -> Chosen:
    return Chosen(one.measure.code, one.member.pk if one.member else None, one.reasons)


def _tick(one: Recommended) -> Tick:
    who = one.member.name if one.member else ""
    reasons = reasons_in_words(one.reasons)
    return Tick(key_of(_chosen(one)), one.measure, who, reasons, one.priority == 1)


@require_http_methods(GET_POST)
def draft_village(request: OfficerRequest, code: str) -> HttpResponse:
    """Draft the plan of a village; its measures are added on the plan's page."""
    village = Division.objects.filter(pk=code, level=Level.VILLAGE).first()
    if village is None or not reaches(request.user, village.pk):
        raise Http404
    if request.user.acting_role not in VILLAGE_PLANNERS:
        raise NotAllowed(_("The village plans for itself."), code="wrong_role")
    years = plan_years(business_date())
    year = _year(request, years)
    existing = Plan.objects.visible_to(request.user).filter(
        village=village, household=None, year=year
    )
    if (found := existing.first()) and request.method != "POST":
        return redirect("assistance:plan", found.uuid)
    form = NewPlanForm(
        request.POST or None,
        years=[year],
        offered=[],
        helpers=helpers_for(Plan(household=None, village=village)),
        initial={"year": year},
    )

    def act() -> Plan:
        return draft_village_plan(village.pk, year, form.frame(), by=request.user)

    outcome = tried(form, act)
    if outcome.result:
        messages.success(request, _("The plan is drafted. Add its measures now."))
        return redirect("assistance:plan", outcome.result.uuid)
    context = {"form": form, "village": village, "year": year, "years": years}
    return render(request, "assistance/plans/draft.html", context, status=outcome.status)


def helpers_for(plan: Plan) -> list[tuple[int, str]]:
    """Who can answer for a plan, as a form offers them; whoever does so now stays."""
    found = {cadre.pk: cadre.name for cadre in responsible_for(plan)}
    if plan.helper:
        found.setdefault(plan.helper.pk, plan.helper.name)
    return list(found.items())


def case_version(plan: Plan) -> int:
    """The version of the plan's open case; 0 where nothing is worked on."""
    case = open_case_of(plan)
    return case.version if case else 0


@require_http_methods(GET_POST)
def frame(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Change goal, target and helper of a draft, with a reason."""
    found = plan_of(request, plan)
    form = ChangeFrameForm(
        request.POST or None,
        helpers=helpers_for(found),
        initial={
            "version": case_version(found),
            "goal": goal_of(found),
            "target_income": found.target_income,
            "helper": found.helper_id,
        },
    )

    def act() -> Plan:
        known = form.cleaned_data
        return change_frame(
            found.pk,
            form.frame(),
            by=request.user,
            version=known["version"],
            reason=known["reason"],
        )

    page = Act(_("Change goal and target"), _("Save the change"), _("The goal is changed."))
    return act_page(request, found, form, act, page)


@dataclass(frozen=True)
class Act:
    """What the page of an act says: heading, button, what is said when done, an explanation."""

    heading: str
    submit: str
    done: str
    text: str = ""
    is_danger: bool = False


def act_page(
    request: OfficerRequest,
    plan: Plan,
    form: JudgedForm,
    act: Callable[[], object],
    page: Act,
) -> HttpResponse:
    """Ask for the entries of an act on a plan, do it, and come back to the plan."""
    require_planner(request.user, plan.village_id, plan.household)
    outcome = tried(form, act, now=lambda: case_version(plan))
    if outcome.result is not None:
        messages.success(request, page.done)
        to = outcome.result if isinstance(outcome.result, Plan) else plan
        return redirect("assistance:plan", to.uuid)
    context = {"form": form, "plan": plan, "page": page, "stale": outcome.stale}
    return render(request, "assistance/plans/act.html", context, status=outcome.status)


@require_http_methods(GET_POST)
def begin(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Begin to change an agreed plan, or take up one that was rejected or withdrawn."""
    found = plan_of(request, plan)
    form = BeginForm(request.POST or None)

    def act() -> object:
        return open_change(found.pk, form.cleaned_data["reason"], by=request.user)

    page = Act(
        _("Change the plan"),
        _("Begin the change"),
        _("Change the plan now. What is agreed holds until the change is approved."),
        _("The change is signed and approved like the plan. Until then nothing of it holds."),
    )
    return act_page(request, found, form, act, page)


@require_http_methods(GET_POST)
def carry(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Draft the plan of the next year from what is unfinished, or add that to its draft."""
    found = plan_of(request, plan)
    form = CarryForm(request.POST if request.method == "POST" else None)
    names = [one.measure.name for one in to_carry(found)]
    year = found.year + 1
    text = (
        _("Carried forward: %(names)s. Each comes with what is left of it.")
        % {"names": _(", ").join(names)}
        if names
        else _("No measure is unfinished. The goal alone is carried forward.")
    )

    def act() -> object:
        return carry_forward(found.pk, by=request.user)

    words = {"year": year}
    page = Act(
        _("Carry the plan forward to %(year)s") % words,
        (
            _("Add it to the plan of %(year)s")
            if plan_after(found)
            else _("Draft the plan of %(year)s")
        )
        % words,
        _("It is in the draft of %(year)s. Look at each measure and confirm its conditions.")
        % words,
        text,
    )
    return act_page(request, found, form, act, page)


@require_http_methods(GET_POST)
def sign(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Record the signatures of head and helper, which submits the plan."""
    found = plan_of(request, plan)
    today = business_date()
    initial = {"head_signed_on": today, "helper_signed_on": today}
    form = SignForm(request.POST or None, initial=initial | {"version": case_version(found)})

    def act() -> object:
        return _step(request, found, "sign", form, evidence=form.evidence())

    page = Act(
        act_label(PLAN.kind, "sign"),
        _("Record the signatures"),
        _("Signed and submitted. The township decides on the plan now."),
        _("Both have read the plan as it stands. After this it changes only when it is returned."),
    )
    return act_page(request, found, form, act, page)


@require_http_methods(GET_POST)
def withdraw(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Withdraw a plan, or a change of it, that is not decided yet."""
    found = plan_of(request, plan)
    form = ReasonForm(request.POST or None, initial={"version": case_version(found)})

    def act() -> object:
        return _step(request, found, "withdraw", form, note=form.cleaned_data["reason"])

    page = Act(
        act_label(PLAN.kind, "withdraw"),
        _("Withdraw it"),
        _("Withdrawn. What was agreed before holds on."),
        _("What is drafted is dropped; measures that are agreed stay."),
        is_danger=True,
    )
    return act_page(request, found, form, act, page)


@require_http_methods(GET_POST)
def take_up(request: OfficerRequest, plan: uuid.UUID) -> HttpResponse:
    """Work again on a plan that was returned."""
    found = plan_of(request, plan)
    form = TakeUpForm(request.POST or None, initial={"version": case_version(found)})

    def act() -> object:
        return _step(request, found, "revise", form)

    page = Act(
        act_label(PLAN.kind, "revise"),
        _("Take it up again"),
        _("Correct the plan now, then have it signed anew."),
        _("The signatures are taken off; both sign the corrected plan."),
    )
    return act_page(request, found, form, act, page)


def _step(
    request: OfficerRequest,
    plan: Plan,
    name: str,
    form: VersionedForm,
    *,
    note: str = "",
    evidence: dict[str, object] | None = None,
) -> object:
    """Take a step of the plan's open case at the version that was seen. Raises Refused."""
    case = open_case_of(plan)
    if case is None:
        raise Refused(_("Nothing of this plan waits for a step any more."), code="closed")
    version = form.cleaned_data["version"]
    return advance(case.pk, name, by=request.user, version=version, note=note, evidence=evidence)
