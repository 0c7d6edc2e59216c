"""What the household says of its year of help, and what came of each measure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.items import refuse_others_household
from assistance.models import Item, Plan
from assistance.models.plans import EVALUATION_FIELD
from assistance.rights import EVALUATORS
from assistance.rules.effect import Outcome
from officers.models import Officer
from officers.rights import require
from teams.refusals import EntryRefused
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.sealing import seal
from trail.transactions import retried

LEAST_SATISFIED, MOST_SATISFIED = 1, 5


@dataclass(frozen=True)
class Said:
    """What came of one measure, and a remark."""

    outcome: Outcome
    remark: str = ""


@dataclass(frozen=True)
class Evaluation:
    """Satisfaction from 1 (not at all) to 5 (very), words, and what is said of each measure."""

    satisfaction: int
    words: str
    items: Mapping[int, Said]


@retried
@transaction.atomic
def evaluate_plan(plan_id: int, said: Evaluation, *, version: int, by: Officer) -> Plan:
    """Keep the yearly evaluation of an approved plan; it is given once. The words are sealed.

    Raises NotAllowed, for a helper unless the household is his own; Refused before the approval
    and after an evaluation; Stale; EntryRefused, a measure's faults as `outcome_<item>`.
    """
    plan = Plan.everywhere.select_for_update(of=("self",)).get(pk=plan_id)
    require(by, *EVALUATORS, code=plan.village_id)
    refuse_others_household(by, plan.household_id)
    if plan.approved_on is None:
        raise Refused(_("Only an approved plan is evaluated."), code="not_approved")
    if plan.evaluated_on:
        name = plan.evaluated_by.name if plan.evaluated_by else ""
        raise Refused(
            _("%(name)s evaluated this plan on %(day)s. It is evaluated once.")
            % {"name": name, "day": plan.evaluated_on},
            code="evaluated",
        )
    if plan.version != version:
        raise Stale(_("Somebody else changed this plan meanwhile. Compare, then save anew."))
    if faults := _faults(plan, said):
        raise EntryRefused(faults)
    content = {
        "words": said.words.strip(),
        "items": {
            str(key): {"outcome": one.outcome.value, "remark": one.remark.strip()}
            for key, one in said.items.items()
        },
    }
    plan.satisfaction, plan.evaluated_on, plan.evaluated_by = said.satisfaction, business_date(), by
    plan.evaluation_sealed = seal(
        json.dumps(content, ensure_ascii=False), field=EVALUATION_FIELD, row=plan.uuid
    )
    plan.version += 1
    plan.save(
        update_fields=[
            "satisfaction",
            "evaluated_on",
            "evaluated_by",
            "evaluation_sealed",
            "version",
        ]
    )
    record(
        by=by,
        action="evaluate_plan",
        subject=plan,
        division=plan.village_id,
        after={"satisfaction": said.satisfaction, "items": len(said.items)},
    )
    return plan


def _faults(plan: Plan, said: Evaluation) -> list[tuple[str, str]]:
    faults = []
    if not LEAST_SATISFIED <= said.satisfaction <= MOST_SATISFIED:
        faults.append(("satisfaction", _("Choose from 1 to 5.")))
    standing = set(Item.everywhere.standing().filter(plan=plan).values_list("pk", flat=True))
    faults += [
        (f"outcome_{key}", _("Say what came of this measure."))
        for key in sorted(standing - set(said.items))
    ]
    if set(said.items) - standing:
        faults.append(("", _("A measure is no longer part of this plan. Open the form anew.")))
    return faults
