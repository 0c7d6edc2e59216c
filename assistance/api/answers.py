"""Help as JSON values: codes and amounts as texts.

Names of members are masked. What somebody wrote in words is left out: goals, what a measure is
exactly, notes. Of a delivery its quantity and the number of its voucher stay.
"""

from typing import Any

from assistance.models import Delivery, Instalment, Item, Measure, Plan
from households.models import Member
from households.rights import masked_name
from teams.models import Cadre
from trail.shapes import day, yuan


def measure_json(measure: Measure) -> dict[str, Any]:
    """A measure of the catalogue as it holds in the place and year that were asked for."""
    return {
        "code": measure.code,
        "category": measure.category,
        "unit": measure.unit,
        "name": {"zh": measure.name_zh, "en": measure.name_en},
        "sector": measure.sector,
        "division": measure.division_id,
        "from_year": measure.year,
        "version": measure.version,
        "conditions": measure.conditions,
        "confirmations": measure.confirmations,
        "documents": measure.documents,
        "group": measure.group or None,
        "repeats": measure.repeats,
        "typical_low": yuan(measure.typical_low),
        "typical_high": yuan(measure.typical_high),
        "typical_per": measure.typical_per,
        "cap": yuan(measure.cap),
        "cap_basis": measure.cap_basis,
        "most_months": measure.most_months,
        "source": measure.source,
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan with what its measures add up to, of `queries.at_the_door`."""
    return {
        "uuid": str(plan.uuid),
        "village": plan.village_id,
        "household": plan.household.number if plan.household else None,
        "year": plan.year,
        "target_income": yuan(plan.target_income),
        "helper": _cadre(plan.helper),
        "head_signed_on": day(plan.head_signed_on),
        "helper_signed_on": day(plan.helper_signed_on),
        "approved_on": day(plan.approved_on),
        "evaluated_on": day(plan.evaluated_on),
        "satisfaction": plan.satisfaction,
        "measures": plan.measures,  # type: ignore[attr-defined]
        "planned": yuan(plan.planned),  # type: ignore[attr-defined]
        "delivered": yuan(plan.delivered),  # type: ignore[attr-defined]
        "version": plan.version,
    }


def item_json(item: Item) -> dict[str, Any]:
    """A measure of a plan with its instalments and what was delivered, withdrawn or not."""
    return {
        "uuid": str(item.uuid),
        "plan": str(item.plan.uuid),
        "year": item.plan.year,
        "village": item.village_id,
        "household": item.household.number if item.household else None,
        "person": person_json(item.member),
        "code": item.code,
        "category": item.category,
        "unit": item.unit,
        "planned": yuan(item.planned),
        "delivered": yuan(item.delivered),
        "funding": item.funding or None,
        "responsible": _cadre(item.responsible),
        "starts_on": day(item.starts_on),
        "due_on": day(item.due_on),
        "status": item.status,
        "origin": item.origin,
        "agreed_on": day(item.agreed_on),
        "ended_on": day(item.ended_on),
        "stop_reason": item.stop_reason or None,
        "instalments": [_instalment(one) for one in item.instalments.all()],
        "deliveries": [delivery_json(one) for one in item.deliveries.all()],
        "version": item.version,
    }


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """One delivery of a measure; one that was withdrawn stays, with the moment."""
    withdrawn = delivery.withdrawn_at
    return {
        "uuid": str(delivery.uuid),
        "number": delivery.number,
        "day": day(delivery.day),
        "kind": delivery.kind,
        "amount": yuan(delivery.amount),
        "quantity": delivery.quantity,
        "voucher": delivery.voucher,
        "source": delivery.source,
        "reference": delivery.reference or None,
        "recorded_at": delivery.recorded_at.isoformat(),
        "withdrawn_at": withdrawn.isoformat() if withdrawn else None,
    }


def person_json(member: Member | None) -> dict[str, str] | None:
    """Whom a measure is for: the number of the person and the family name."""
    if member is None:
        return None
    return {"number": member.person_number, "name": masked_name(member.name)}


def _instalment(one: Instalment) -> dict[str, Any]:
    return {"number": one.number, "due_on": day(one.due_on), "amount": yuan(one.amount)}


def _cadre(cadre: Cadre | None) -> dict[str, str] | None:
    return {"number": cadre.number, "name": cadre.name} if cadre else None
