"""Plans: which ones an officer sees, for the machine, for the page of a case."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assistance.models import Plan, PlanCase
from assistance.models.plans import GOAL_FIELD
from assistance.procedure import PLAN
from assistance.queries.own import within_own
from assistance.queries.sheets import Judged, judge, judge_all
from assistance.rules.planning import cost_of, yuan
from divisions.scope import ScopedQuerySet
from officers.models import Officer
from teams.models import Cadre, Pairing, Term
from teams.queries.cases import Account, Link, Point
from trail.dates import business_date
from trail.sealing import unseal
from workflow.machine import OPEN, Hand, Records
from workflow.models import Case


def visible_plans(officer: Officer) -> ScopedQuerySet:
    """The plans that the officer reads; a helper those of the households that he helps today."""
    return within_own(officer, Plan.objects.visible_to(officer))


def goal_of(plan: Plan) -> str:
    """The goal in words; the caller answers for who reads it."""
    if plan.goal_sealed is None:
        return ""
    return unseal(plan.goal_sealed, field=GOAL_FIELD, row=plan.uuid)


def open_case_of(plan: Plan) -> Case | None:
    """The case by which the plan is being agreed or changed now."""
    return Case.everywhere.open().filter(plan_case__plan=plan).first()


def last_case_of(plan: Plan) -> Case | None:
    """The latest case of the plan, open or closed."""
    return Case.everywhere.filter(plan_case__plan=plan).order_by("-pk").first()


def responsible_for(plan: Plan) -> list[Cadre]:
    """Who can answer for a plan or a measure: the household's helpers, and the village's team."""
    today = business_date()
    team = Term.everywhere.in_force(today).filter(village=plan.village_id, cadre=OuterRef("pk"))
    pairs = Pairing.everywhere.in_force(today).filter(cadre=OuterRef("pk"))
    near = Q(Exists(team))
    if plan.household_id is not None:
        near |= Q(Exists(pairs.filter(household=plan.household_id)))
    return list(Cadre.everywhere.filter(near).order_by("name", "pk"))


def helper_now(household_id: int, on: date) -> int | None:
    """The cadre who helps a household on a day, by key."""
    found = Pairing.everywhere.in_force(on).filter(household=household_id)
    return found.values_list("cadre_id", flat=True).first()


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What stands against each plan, whether the county decides, and who is to carry it out.

    Its helper and who answers for a new measure are hands: they never approve it.
    """
    rows = {
        one.case_id: one.plan
        for one in PlanCase.objects.filter(case__in=cases).select_related("plan__household")
    }
    judged = judge_all(list({plan.pk: plan for plan in rows.values()}.values()))
    accounts = _accounts(judged.values())
    found = {}
    for case in cases:
        plan = rows[case.pk]
        mine = judged[plan.pk]
        found[case.pk] = Records(
            values={
                "faults": tuple(fault.at_case() for fault in mine.faults),
                "needs_county": cost_of(mine.sheet) >= case.facts["county_amount"],
            },
            hands=tuple(
                Hand(accounts[one], OPEN, "", case.opened_on)
                for one in _responsibles(mine)
                if one in accounts
            ),
        )
    return found


def _responsibles(judged: Judged) -> list[int]:
    """The cadres who are to carry out what a plan drafts, by key."""
    keys = {judged.plan.helper_id, *(one.responsible_id for one in judged.drafts)}
    return sorted(key for key in keys if key is not None)


def _accounts(judged: Iterable[Judged]) -> dict[int, int]:
    """Their accounts, by cadre."""
    keys = [key for one in judged for key in _responsibles(one)]
    found = Cadre.everywhere.filter(pk__in=keys, account__isnull=False)
    return dict(found.values_list("pk", "account_id"))


def account_of(officer: Officer, case: Case) -> Account | None:
    """What a plan is to reach and costs, what stands against it, and who decides.

    None for a case of another kind.
    """
    if case.kind != PLAN.kind:
        return None
    link = PlanCase.objects.select_related("plan__household", "plan__village", "plan__helper")
    row = link.get(case=case)
    plan, facts = row.plan, case.facts
    reads = visible_plans(officer).filter(pk=plan.pk).exists()
    rows: list[tuple[str, Any]] = [(_("Year"), str(plan.year)), (_("Village"), plan.village.name)]
    if reads:
        rows.append((_("Goal"), goal_of(plan)))
    if plan.target_income is not None:
        target = _("%(amount)s yuan a person") % {"amount": yuan(plan.target_income)}
        rows.append((_("Target income"), target))
    if plan.helper:
        rows.append((_("Responsible helper"), plan.helper.name))
    if row.change and reads:
        rows.append((_("Reason of the change"), row.change))
    points: list[Point] = []
    needs_county = facts["needs_county"]
    if case.closed_at is None:
        judged = judge(plan)
        cost = cost_of(judged.sheet)
        needs_county = cost >= facts["county_amount"]
        points = [Point(is_met=False, text=_(one.text) % one.values) for one in judged.faults]
        points = points or [Point(is_met=True, text=_("Nothing stands against the plan."))]
        rows.append((_("Measures that are new"), str(len(judged.drafts))))
        rows.append((_("Cost"), _("%(amount)s yuan") % {"amount": yuan(cost)}))
    remark = (
        _("It costs %(most)s yuan or more, so the county approves it; the township passes it on.")
        if needs_county
        else _("It costs less than %(most)s yuan, so the township decides.")
    ) % {"most": f"{facts['county_amount']:,}"}
    links = (
        [Link(_("Open the plan"), reverse("assistance:plan", args=[plan.uuid]))] if reads else []
    )
    return Account(
        title=pgettext("case", "The plan"), rows=rows, points=points, remarks=[remark], links=links
    )
