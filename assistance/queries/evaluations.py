"""The yearly evaluation of a plan, and what changed for its household since help began."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.models import Item, Plan
from assistance.models.plans import EVALUATION_FIELD, HELPED
from assistance.rights import EVALUATORS
from assistance.rules.effect import Effect, Facts, Outcome, compared, effect_between
from households.models import Household, Survey
from households.rules import GUARANTEES, MONEY, fen
from officers.models import Officer
from trail.sealing import unseal

OUTCOME_NAMES: dict[Outcome, Promise] = {
    Outcome.INCOME: pgettext_lazy("outcome", "raised the income"),
    Outcome.GUARANTEE: pgettext_lazy("outcome", "mended a guarantee"),
    Outcome.HELPED: pgettext_lazy("outcome", "helped otherwise"),
    Outcome.TOO_EARLY: pgettext_lazy("outcome", "too early to say"),
    Outcome.NOTHING: pgettext_lazy("outcome", "changed nothing"),
}
SATISFACTION_NAMES: dict[int, Promise] = {
    5: _("very satisfied"),
    4: _("satisfied"),
    3: _("neither satisfied nor dissatisfied"),
    2: _("dissatisfied"),
    1: _("very dissatisfied"),
}


def may_evaluate(officer: Officer, plan: Plan) -> bool:
    """Whether the officer, who reads the plan, can evaluate it now."""
    is_open = plan.approved_on is not None and plan.evaluated_on is None
    return is_open and officer.acting_role in EVALUATORS


@dataclass(frozen=True)
class Remark:
    """What came of a measure, in words."""

    outcome: str
    remark: str


@dataclass(frozen=True)
class Evaluated:
    """The words of an evaluation and what it says of the measures, by their keys."""

    words: str
    items: Mapping[int, Remark]


def evaluation_of(plan: Plan) -> Evaluated | None:
    """The evaluation of a plan that the caller may read; None while there is none."""
    if plan.evaluation_sealed is None:
        return None
    sealed = bytes(plan.evaluation_sealed)
    content = json.loads(unseal(sealed, field=EVALUATION_FIELD, row=plan.uuid))
    return Evaluated(
        content["words"],
        {
            int(key): Remark(str(OUTCOME_NAMES[Outcome(one["outcome"])]), one["remark"])
            for key, one in content["items"].items()
        },
    )


def items_evaluated(plan: Plan) -> list[Item]:
    """The measures of a plan that an evaluation speaks about, in catalogue order."""
    found = Item.everywhere.standing().filter(plan=plan).select_related("measure", "member")
    return list(found.order_by("measure__order", "pk"))


def facts_of(survey: Survey) -> Facts:
    """A survey as values for the rules."""
    money = {name: getattr(survey, name) for name in MONEY}
    known = {name: getattr(survey, name) for name in GUARANTEES}
    return Facts(
        year=survey.year,
        persons=survey.persons,
        money={name: fen(amount) for name, amount in money.items() if amount is not None},
        guarantees={name: value for name, value in known.items() if value is not None},
    )


def effect_on(household: Household, year: int | None = None) -> Effect | None:
    """What changed for a household in the caller's scope since help began; two queries.

    Help is what is under way or done: in the plan of `year`, or in all plans. None before it begins
    and without a survey of the year before and one since.
    """
    helped = Item.everywhere.filter(household=household, status__in=HELPED)
    if year is not None:
        helped = helped.filter(plan__year=year)
    first = helped.order_by("starts_on").values_list("starts_on", flat=True).first()
    if first is None:
        return None
    surveys = Survey.objects.filter(household=household, year__gte=first.year - 1).in_force()
    pair = compared([facts_of(one) for one in surveys], first.year)
    return effect_between(*pair) if pair else None
