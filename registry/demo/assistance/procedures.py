"""The closed case of a plan that was approved, as its steps left it; in the clerk's county."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assistance.procedure import APPROVED, BEGIN, DRAFTED, PASSED_ON, PLAN, SIGNED
from households.importing.copying import json_text
from officers.models import Officer
from registry.demo.assistance.helps import Help
from registry.demo.assistance.writing import Tables, moment
from trail.rules import digest
from workflow.machine import OPEN

DRAFTED_BEFORE, SIGNED_BEFORE, PASSED_BEFORE = (timedelta(days=n) for n in (9, 6, 3))


@dataclass(frozen=True)
class Hands:
    """Who drafts and signs, who approves at the township, and who at the county."""

    planner: Officer
    township: Officer
    approver: Officer


@dataclass(frozen=True)
class Agreed:
    """A plan that was approved: its key, its subject, what it holds by the key of each item."""

    plan: int
    uuid: str
    village: str
    subject: str
    year: int
    goal: bytes
    helper: int | None
    items: Sequence[tuple[int, int, Help]]
    on: date


class Clerk:
    """Writes one case after the other."""

    def __init__(self, tables: Tables, keys: Any):
        self.tables, self.keys = tables, keys

    def file(self, agreed: Agreed, hands: Hands, most: int) -> None:
        """The case with its three or four events."""
        facts = _facts(agreed, most)
        known, facts_text = digest(facts), json_text(facts)
        steps = _steps(agreed, hands, needs_county=facts["needs_county"])
        case = next(self.keys)
        first, last = steps[0][4], steps[-1][4]
        self.tables.cases.add(
            case, PLAN.kind, agreed.village, agreed.subject, APPROVED, len(steps), facts_text,
            known, hands.planner.pk, first, moment(first), moment(last), last,
        )  # fmt: skip
        self.tables.plan_cases.add(case, agreed.plan, "")
        for place, (step, before, after, actor, day, evidence) in enumerate(steps, start=1):
            decides = step == "approve"
            self.tables.events.add(
                case, place, step, before, after, actor.pk, actor.name, actor.acting_role,
                actor.acting_division, day, moment(day), "", json_text(evidence),
                facts_text if decides or step == OPEN else None, known, decides,
            )  # fmt: skip


Step = tuple[str, str, str, Officer, date, Mapping[str, str]]


def _steps(agreed: Agreed, hands: Hands, *, needs_county: bool) -> list[Step]:
    drafted, signed, passed = (
        agreed.on - before for before in (DRAFTED_BEFORE, SIGNED_BEFORE, PASSED_BEFORE)
    )
    signature = {
        "head_signed_on": signed.isoformat(),
        "signer": "户主本人",
        "way": "slip",
        "helper_signed_on": signed.isoformat(),
    }
    steps: list[Step] = [
        (OPEN, "", DRAFTED, hands.planner, drafted, {}),
        ("sign", DRAFTED, SIGNED, hands.planner, signed, signature),
    ]
    if not needs_county:
        return [*steps, ("approve", SIGNED, APPROVED, hands.township, agreed.on, {})]
    return [
        *steps,
        ("pass_on", SIGNED, PASSED_ON, hands.township, passed, {}),
        ("approve", PASSED_ON, APPROVED, hands.approver, agreed.on, {}),
    ]


def _facts(agreed: Agreed, most: int) -> dict[str, Any]:
    """As `assistance.queries.sheets.case_facts` makes them."""
    cost = sum((one.planned for _key, _measure, one in agreed.items), Decimal(0))
    return {
        "state": BEGIN,
        "plan": agreed.uuid,
        "year": agreed.year,
        "frame": {
            "goal": base64.b64encode(agreed.goal).decode(),
            "target_income": None,
            "helper": agreed.helper,
        },
        "items": [
            {
                "item": key,
                "code": one.code,
                "measure": measure,
                "member": one.person,
                "content": "",
                "planned": str(one.planned),
                "funding": "",
                "responsible": agreed.helper,
                "starts_on": one.starts_on.isoformat(),
                "due_on": one.due_on.isoformat(),
                "confirmed": True,
                "replaces": None,
            }
            for key, measure, one in agreed.items
        ],
        "amount": str(cost),
        "county_amount": most,
        "needs_county": cost >= most,
    }
