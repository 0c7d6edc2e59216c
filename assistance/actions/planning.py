"""Plans of help: drafted, changed with a reason, taken up again after an agreement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assistance.actions.claims import locked_household
from assistance.actions.items import refuse_others_household
from assistance.models import Item, Origin, Plan, PlanCase
from assistance.models.plans import GOAL_FIELD
from assistance.procedure import DRAFTED, PLAN, PLANNERS
from assistance.queries.catalogue import catalogue_of
from assistance.queries.plans import goal_of, open_case_of, responsible_for
from assistance.queries.sheets import case_facts, judge
from assistance.rules.measures import Per, Unit
from assistance.rules.planning import amount_of, plan_years, rest_of_year
from divisions.models import Division, Level
from households.models import Household
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.queries.pairings import is_closed
from teams.refusals import EntryRefused
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.sealing import seal
from trail.transactions import retried
from workflow.actions import amend, open_case
from workflow.actions.cases import refuse_stale
from workflow.models import Case

LONGEST_GOAL = 2000


@dataclass(frozen=True)
class Frame:
    """A plan without measures. `target_income` is yuan a person, `helper` the key of a cadre."""

    goal: str
    target_income: Decimal | None = None
    helper: int | None = None


@retried
@transaction.atomic
def draft_plan(
    household_id: int,
    year: int,
    frame: Frame,
    *,
    by: Officer,
    items: Sequence[Item] = (),
    carried_from: Plan | None = None,
) -> Plan:
    """Draft the plan of a household with its measures, not saved yet, and open its case.

    Raises NotAllowed, for a helper unless the household is his; EntryRefused with the faults;
    Refused for a closed household or where the year has its plan; AlreadyOpen while a plan of
    another year waits.
    """
    household = locked_household(household_id)
    require_planner(by, household.village_id, household)
    if is_closed(household):
        raise Refused(
            _("This household is closed. Nobody plans help for it any more."), code="closed"
        )
    plan = Plan(household=household, village=household.village, year=year)
    return _drafted(plan, frame, items, carried_from, by=by)


@retried
@transaction.atomic
def draft_village_plan(
    code: str,
    year: int,
    frame: Frame,
    *,
    by: Officer,
    items: Sequence[Item] = (),
    carried_from: Plan | None = None,
) -> Plan:
    """The same for a village; its official and its work team plan for it."""
    village = Division.objects.select_for_update().get(pk=code)
    require_planner(by, village.pk, None)
    if village.level != Level.VILLAGE or not village.is_in_force(business_date()):
        raise Refused(_("Plan for a village that exists today."), code="closed")
    plan = Plan(household=None, village=village, year=year)
    return _drafted(plan, frame, items, carried_from, by=by)


def _drafted(
    plan: Plan, frame: Frame, items: Sequence[Item], carried_from: Plan | None, *, by: Officer
) -> Plan:
    _refuse_year(plan.year)
    plan.created_by, plan.carried_from = by, carried_from
    write_frame(plan, frame)
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        text = _("There is a plan of %(year)s already. Open it and change that one.")
        raise Refused(text % {"year": plan.year}, code="planned") from error
    for item in items:
        item.plan, item.village_id, item.household = plan, plan.village_id, plan.household
        item.save(force_insert=True)
    case = open_case(PLAN.kind, subject_of(plan), plan.village_id, case_facts(judge(plan)), by=by)
    PlanCase.objects.create(case=case, plan=plan)
    after = {"year": plan.year, "case": case.pk, "codes": [item.code for item in items]}
    record(by=by, action="draft_plan", subject=plan, division=plan.village_id, after=after)
    return plan


def subject_of(plan: Plan) -> str:
    """Whom the cases of a plan are about: the household's number or the village's code."""
    return plan.household.number if plan.household else plan.village_id


def require_planner(by: Officer, village: str, household: Household | None) -> None:
    """NotAllowed unless the officer plans there: a helper for his own households alone."""
    require(by, *PLANNERS, code=village)
    if by.acting_role == Role.HELPER and household is None:
        raise NotAllowed(_("The village plans for itself."), code="wrong_role")
    refuse_others_household(by, household.pk if household else None)


def _refuse_year(year: int) -> None:
    years = plan_years(business_date())
    if year not in years:
        text = _("Plan for %(first)s or %(last)s.")
        values = {"first": years[0], "last": years[-1]}
        raise EntryRefused([("year", text % values)])


def write_frame(plan: Plan, frame: Frame) -> None:
    """Put goal, target and helper into the plan, which the caller saves. Raises EntryRefused."""
    faults = []
    goal = frame.goal.strip()
    if not goal:
        faults.append(("goal", _("Write what the plan is to reach this year.")))
    if frame.target_income is not None and frame.target_income <= 0:
        text = _("A target is more than zero; leave it empty for none.")
        faults.append(("target_income", text))
    known = {cadre.pk for cadre in responsible_for(plan)} | {plan.helper_id, None}
    if frame.helper not in known:
        faults.append(("helper", _("Choose who helps here.")))
    if faults:
        raise EntryRefused(faults)
    if plan.goal_sealed is None or goal != goal_of(plan):
        plan.goal_sealed = seal(goal, field=GOAL_FIELD, row=plan.uuid)
    plan.target_income, plan.helper_id = frame.target_income, frame.helper


def locked_plan(plan_id: int, *, by: Officer) -> Plan:
    """The plan, locked after its household, for somebody who plans there. Raises NotAllowed."""
    seen = Plan.everywhere.get(pk=plan_id)
    household = locked_household(seen.household_id) if seen.household_id else None
    plan = Plan.everywhere.select_for_update(of=("self",)).select_related("household", "village")
    found = plan.get(pk=plan_id)
    require_planner(by, found.village_id, household)
    return found


def draft_under_lock(plan: Plan, version: int) -> Case:
    """The open case of the plan, locked, whose draft may be changed at the version that was seen.

    Raises Stale; Refused where nothing is being drafted.
    """
    case = open_case_of(plan)
    if case is None:
        raise Refused(
            _("Nothing of this plan is being drafted. Begin a change and say why."), code="no_draft"
        )
    case = Case.everywhere.select_for_update().get(pk=case.pk)
    refuse_stale(case, version)
    if case.state != DRAFTED:
        raise Refused(
            _(
                "The plan is not being drafted now. When it was returned, take it up again; when it"
                " is signed, ask for its return or withdraw it."
            ),
            code="not_drafted",
        )
    return case


def amended(plan: Plan, case: Case, note: str, *, by: Officer) -> None:
    """Let the case rest on the plan as it is now: whoever changed it cannot decide on it."""
    plan.version += 1
    plan.save()
    amend(case.pk, by=by, facts=case_facts(judge(plan)), version=case.version, note=note)


@retried
@transaction.atomic
def change_frame(plan_id: int, frame: Frame, *, by: Officer, version: int, reason: str) -> Plan:
    """Change goal, target and helper of a draft; `version` is that of its case as it was seen.

    Raises NotAllowed, Stale, EntryRefused, Refused; Refused (no_change) where all is the same.
    """
    plan = locked_plan(plan_id, by=by)
    case = draft_under_lock(plan, version)
    refuse_without(reason)
    before = {"target_income": str(plan.target_income), "helper": plan.helper_id}
    write_frame(plan, frame)
    amended(plan, case, reason, by=by)
    after = {"target_income": str(plan.target_income), "helper": plan.helper_id}
    record(
        by=by,
        action="change_plan",
        subject=plan,
        division=plan.village_id,
        before=before,
        after=after,
        reason=reason.strip(),
    )
    return plan


def refuse_without(reason: str) -> None:
    """EntryRefused for a change without a reason."""
    if not reason.strip():
        raise EntryRefused([("reason", _("Say why."))])


@retried
@transaction.atomic
def open_change(plan_id: int, reason: str, *, by: Officer) -> Case:
    """Begin to change a plan whose case is closed: a new case on the same plan.

    What is agreed stays as it is until the change is approved. Raises NotAllowed; EntryRefused
    without a reason; AlreadyOpen while another case of the household's plans is open.
    """
    plan = locked_plan(plan_id, by=by)
    refuse_without(reason)
    _refuse_year(plan.year)
    if open_case_of(plan):
        raise Refused(_("This plan is being worked on already."), code="already_open")
    case = open_case(PLAN.kind, subject_of(plan), plan.village_id, case_facts(judge(plan)), by=by)
    PlanCase.objects.create(case=case, plan=plan, change=reason.strip())
    record(
        by=by,
        action="begin_change",
        subject=plan,
        division=plan.village_id,
        after={"case": case.pk},
        reason=reason.strip(),
    )
    return case


@dataclass(frozen=True)
class Chosen:
    """A measure ticked in a recommendation: its code, the member that it is for, the reasons."""

    code: str
    member: int | None = None
    reasons: tuple[str, ...] = ()


def draft_from_recommendation(
    household_id: int, year: int, frame: Frame, chosen: Iterable[Chosen], *, by: Officer
) -> Plan:
    """Draft a plan with the ticked measures at once, of typical amount, for the rest of the year.

    Raises what `draft_plan` raises; EntryRefused for a measure that is not offered or a member who
    does not belong there. What must be confirmed is confirmed in the draft, before it is signed.
    """
    household = Household.everywhere.get(pk=household_id)
    offered = catalogue_of(household.village_id, year)
    members = set(household.members.active().values_list("pk", flat=True))
    items = []
    for one in chosen:
        measure = offered.get(one.code)
        whom = Unit.HOUSEHOLD if one.member is None else Unit.PERSON
        if measure is None or measure.unit != whom or one.member not in (None, *members):
            raise EntryRefused([("measures", _("Choose among the measures that stand here."))])
        starts_on, due_on = rest_of_year(year, business_date())
        items.append(
            Item(
                member_id=one.member,
                measure=measure,
                code=measure.code,
                category=measure.category,
                unit=measure.unit,
                planned=amount_of(measure.typical_low, Per(measure.typical_per), starts_on, due_on),
                responsible_id=frame.helper,
                starts_on=starts_on,
                due_on=due_on,
                origin=Origin.RECOMMENDED,
                reasons=list(one.reasons),
            )
        )
    return draft_plan(household_id, year, frame, by=by, items=items)
