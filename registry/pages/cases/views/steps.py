import re
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assistance.queries.plans import account_of as account_of_plan
from exits.procedure import EXIT
from exits.queries.place_account import PLACE_KINDS, account_of_place
from exits.queries.proposing import newer_survey
from exits.queries.revocation import carried_with
from households.actions import take_over_facts
from households.changing.pages import told
from households.changing.procedure import PROPOSERS
from households.correction_pages import account_of_correction
from households.rights import reads_names
from officers.http import OfficerRequest
from officers.models import Officer
from registry.pages.cases.acts import ADVANCE, TAKE_OVER
from registry.pages.cases.comparison import comparison_of
from registry.pages.cases.exit_help import help_of_exit, preceding_exit
from registry.pages.cases.following import list_of, next_url, place_of, query_of
from registry.pages.cases.forms import (
    FactsForm,
    ObjectionForm,
    ResolutionForm,
    StepForm,
)
from registry.pages.cases.identifying import sheet_of
from registry.pages.cases.objecting import heard_until
from registry.pages.cases.queries import (
    case_view,
    changes_of,
    household_of_case,
    reason_against,
    restart_of,
)
from registry.pages.cases.reading import reads_texts
from registry.pages.cases.since import facts_at, state_at
from registry.pages.cases.undo import undo_of
from registry.pages.cases.views.frame import attempt, case_of, frame_of, turned_away
from registry.pages.evidence.subjects import case_subject, files_of
from teams.queries.cases import account_of as account_of_cadre
from trail.dates import business_date
from trail.errors import Refused
from workflow.actions import (
    dismiss_objection,
    record_look,
    record_objection,
    uphold_objection,
)
from workflow.actions.objections import refuse_recorder, refuse_resolver
from workflow.actions.steps import legal_step
from workflow.machine import ANSWERED, Step
from workflow.models import Case, Objection
from workflow.procedures import machine_of
from workflow.queries import flags_to_answer, situations, standing_lines
from workflow.rules import flags_seen

MENDED = "resend"
"""The step that is taken by sending a corrected change again, not by a form of its own."""

VERSION = re.compile("[0-9]{1,9}")
RESOLVE = {"uphold": uphold_objection, "dismiss": dismiss_objection}


@require_safe
def case_page(request: OfficerRequest, case: int) -> HttpResponse:
    found, today = case_of(request, case), business_date()
    if request.method == "GET":
        record_look(found, by=request.user)
    view = case_view(request.user, found, today=today)
    onward = (one.step for one in view.can if one.is_forward and one.step.name != MENDED)
    forward = next(onward, None)
    context = frame_of(request, found) | {
        "view": view,
        "today": today,
        "correction": account_of_correction(request.user, found),
        "told": told(request.user, found),
        "may_mend_change": request.user.acting_role in PROPOSERS,
        "forward": forward,
        "form": new_step_form(found, forward) if forward else None,
        "sheet": sheet_of(request.user, found, today=today),
        "undo": undo_of(request.user, found),
        "help": help_of_exit(request.user, found, view.household),
        "preceding": preceding_exit(request.user, found),
        "carried": carried_with(request.user, found),
        "newer": newer_survey(found) if request.user.acting_role in EXIT.openers else None,
        "cadre_account": account_of_cadre(request.user, found)
        or account_of_plan(request.user, found)
        or account_of_place(request.user, found),
        "about_place": found.kind in PLACE_KINDS,
        "compared": comparison_of(request.user, found, view.household),
        "in_list": query_of(list_of(request.user, request.GET)),
    }
    if reads_names(request.user):
        evidence = case_subject(request.user, found)
        context |= {"evidence": evidence, "files": files_of(request.user, evidence)}
    return render(request, "cases/case.html", context)


@require_safe
def next_page(request: OfficerRequest, case: int) -> HttpResponse:
    """The case behind this one in the list of the address."""
    found, today = case_of(request, case), business_date()
    wanted = list_of(request.user, request.GET)
    place = place_of(request.user, found, wanted, today=today)
    return redirect(next_url(request.user, wanted, place, today=today))


def new_step_form(case: Case, step: Step) -> StepForm:
    """An empty form of the step for the case as it stands."""
    seen = {"version": case.version, ANSWERED: looked_at(case, step)}
    return StepForm(step=step, today=business_date(), initial=seen)


def looked_at(case: Case, step: Step) -> str:
    """The digest of the flags that hold the case now, where the step answers them; else of none."""
    return flags_seen(flags_to_answer([case], step.name).get(case.pk, ()))


@require_http_methods(["GET", "HEAD", "POST"])
def step_page(request: OfficerRequest, case: int, step: str) -> HttpResponse:
    found = case_of(request, case)
    wanted = step_of(found, step, request.POST.get("version", ""))
    if request.method == "POST":
        return _take(request, found, wanted)
    away = turned_away(request, found, partial(_refuse, request.user, found, step))
    return away or _step_form(request, found, wanted, new_step_form(found, wanted))


def _refuse(officer: Officer, case: Case, name: str) -> None:
    """Refused when the officer cannot take the step from where the case stands."""
    step, situation = legal_step(case, name), situations([case])[case.pk]
    if reason := reason_against(officer, case, machine_of(case.kind), step, situation):
        raise Refused(reason)


def step_of(case: Case, name: str, seen: str = "") -> Step:
    """The step of that name, from where the officer saw the case or where it stands, else 404.

    `seen` is the version on his page. A step that was open then is still found: the action says
    why it is not possible any more, and what he typed is read by the fields that he had.
    """
    machine = machine_of(case.kind)
    saw = [state_at(case, int(seen))] if VERSION.fullmatch(seen) else []
    found = [step for step in machine.steps if step.name == name]
    if not found:
        raise Http404
    return next(
        (step for state in [*saw, case.state] for step in found if step.source == state), found[0]
    )


def _take(request: OfficerRequest, case: Case, step: Step) -> HttpResponse:
    form = StepForm(request.POST, step=step, today=business_date())
    wanted, today = list_of(request.user, request.GET), business_date()
    place = place_of(request.user, case, wanted, today=today) if "next" in request.POST else None

    def act() -> None:
        ADVANCE[case.kind](
            case.pk,
            step.name,
            by=request.user,
            version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
            evidence=form.evidence(),
        )

    def again(now: Case) -> StepForm | None:
        return form_again(request.user, now, form)

    refused = attempt(request, case, form, act, again)
    if refused:
        return refused
    if form.errors:
        return _step_form(request, case, step, form)
    messages.success(request, _("Recorded: %(step)s.") % {"step": _(step.label)})
    if place:
        return redirect(next_url(request.user, wanted, place, today=today))
    return redirect(reverse("pages:case", args=[case.pk]) + query_of(wanted))


def form_again(officer: Officer, now: Case, form: StepForm) -> StepForm | None:
    """The step's form with what was typed, where he can still take it after what others did.

    None for a decision when the facts that he saw were replaced: he looks at the new ones first.
    """
    seen, machine = form.cleaned_data["version"], machine_of(now.kind)
    step = machine.by_source.get((now.state, form.step.name))
    if step is None or (step.decides and facts_at(now, seen) != now.facts):
        return None
    flags = looked_at(now, step)
    if seen == now.version and form.cleaned_data.get(ANSWERED, flags) == flags:
        return None
    if reason_against(officer, now, machine, step, situations([now])[now.pk]):
        return None
    typed = form.cleaned_data | {"version": now.version, ANSWERED: flags}
    return StepForm(step=step, today=business_date(), initial=typed)


def _step_form(request: OfficerRequest, case: Case, step: Step, form: StepForm) -> HttpResponse:
    context = frame_of(request, case) | {
        "form": form,
        "step": step,
        "label": _(step.label),
        "in_list": query_of(list_of(request.user, request.GET)),
    }
    return render(request, "cases/step.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def facts_page(request: OfficerRequest, case: int) -> HttpResponse:
    found = case_of(request, case)
    form = FactsForm(request.POST or None, initial={"version": found.version})

    def act() -> None:
        take_over = TAKE_OVER.get(found.kind, take_over_facts)
        take_over(found.pk, by=request.user, **form.cleaned_data)

    if request.method == "POST":
        if refused := attempt(request, found, form, act):
            return refused
        if not form.errors:
            messages.success(request, _("The case rests on the new facts now."))
            return redirect("pages:case", found.pk)
    context = frame_of(request, found) | {
        "form": form,
        "changes": changes_of(request.user, found, household_of_case(request.user, found)),
        "goes_back_to": restart_of(found),
    }
    return render(request, "cases/facts.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def objection_page(request: OfficerRequest, case: int) -> HttpResponse:
    found = case_of(request, case)
    form = ObjectionForm(request.POST or None, initial={"received_on": business_date()})

    def act() -> None:
        record_objection(found.pk, by=request.user, **form.cleaned_data)

    if request.method == "POST":
        if refused := attempt(request, found, form, act):
            return refused
        if not form.errors:
            messages.success(request, _("Objection recorded. The case waits for its inquiry."))
            return redirect("pages:case", found.pk)
    elif away := turned_away(request, found, partial(refuse_recorder, found, by=request.user)):
        return away
    lines = standing_lines([found.pk]).get(found.pk, [])
    until = heard_until(request.user, found, lines)
    context = frame_of(request, found) | {"form": form, "until": until}
    return render(request, "cases/objection.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def resolution_page(request: OfficerRequest, case: int, objection: int) -> HttpResponse:
    found = case_of(request, case)
    said = get_object_or_404(Objection, pk=objection, line__case=found)
    if not reads_texts(request.user, found.kind):
        raise Http404
    form = ResolutionForm(request.POST or None)

    def act() -> None:
        resolve = RESOLVE[form.cleaned_data["result"]]
        resolve(said.pk, by=request.user, finding=form.cleaned_data["finding"])

    if request.method == "POST":
        if refused := attempt(request, found, form, act):
            return refused
        if not form.errors:
            messages.success(request, _("Objection resolved."))
            return redirect("pages:case", found.pk)
    elif away := turned_away(
        request, found, partial(refuse_resolver, said, found, by=request.user)
    ):
        return away
    context = frame_of(request, found) | {"form": form, "objection": said}
    return render(request, "cases/resolution.html", context, status=400 if form.errors else 200)
