"""Documents of what the change feed tells, as they stand now, within the client's posting.

Those of cases, plans and teams are made of the same values as their own resources.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assistance.api.answers import item_json, plan_json
from assistance.queries.door import items_at_door, plans_at_door
from exchange.models import Kind
from exchange.queries.household_documents import Document, compact, household_documents
from officers.models import Officer
from teams.api.answers import term_json
from teams.models import TeamVillage, Term
from trail.shapes import day
from workflow.api.answers import case_json
from workflow.models import Case, CaseEvent


@dataclass(frozen=True)
class Reader:
    """Who reads: a client under its posting, what kinds its key opens, and how much of them."""

    officer: Officer
    kinds: tuple[Kind, ...]
    masked: bool

    @property
    def place(self) -> str:
        """The division that the client is posted to."""
        return self.officer.acting_division


def documents(reader: Reader, kind: Kind, keys: Collection[str]) -> dict[str, Document]:
    """What these keys name, by key; nothing for what is not there or outside the posting."""
    return OF_KIND[kind](reader, keys) if keys else {}


def _households(reader: Reader, numbers: Collection[str]) -> dict[str, Document]:
    return household_documents(numbers, within=reader.place, masked=reader.masked)


def _cases(reader: Reader, keys: Collection[str]) -> dict[str, Document]:
    wanted = Case.objects.visible_to(reader.officer).filter(pk__in=keys)
    cases = list(wanted.only(*CASE_COLUMNS))
    events: dict[int, list[dict[str, Any]]] = defaultdict(list)
    ways = CaseEvent.objects.filter(case__in=[one.pk for one in cases])
    for event in ways.only(*EVENT_COLUMNS).order_by("case_id", "seq"):
        events[event.case_id].append(_event(event))
    return {
        str(one.pk): _document(
            case_json(one, {"subject": one.subject}) | {"events": events[one.pk]}, one.version
        )
        for one in cases
    }


CASE_COLUMNS = (
    "kind", "division_id", "subject", "state", "entered_state_on", "opened_on", "closed_at",
    "facts_hash", "version",
)  # fmt: skip
EVENT_COLUMNS = ("case_id", "seq", "step", "from_state", "to_state", "on", "role", "posted_to",
                 "decides")  # fmt: skip


def _event(event: CaseEvent) -> dict[str, Any]:
    return {
        "number": event.seq,
        "step": event.step,
        "from_state": event.from_state or None,
        "to_state": event.to_state,
        "on": day(event.on),
        "role": event.role,
        "posted_to": event.posted_to,
        "decides": event.decides,
    }


def _plans(reader: Reader, uuids: Collection[str]) -> dict[str, Document]:
    plans = list(plans_at_door(reader.officer).filter(uuid__in=uuids, household__withdrawn_at=None))
    items: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in items_at_door(reader.officer).filter(plan__in=[one.pk for one in plans]):
        items[item.plan_id].append(item_json(item))
    return {
        str(one.uuid): _document(plan_json(one) | {"items": items[one.pk]}, one.version)
        for one in plans
    }


def _teams(reader: Reader, villages: Collection[str]) -> dict[str, Document]:
    """Villages with everybody who serves, served or will serve there: no day changes them."""
    terms, needs = defaultdict(list), defaultdict(list)
    served = Term.objects.visible_to(reader.officer).filter(village__in=villages)
    for term in served.select_related("cadre", "unit").order_by("village_id", "starts_on", "pk"):
        terms[term.village_id].append(term_json(term))
    needed = TeamVillage.objects.visible_to(reader.officer).filter(village__in=villages)
    for need in needed.order_by("village_id", "starts_on"):
        needs[need.village_id].append(_need(need))
    return {
        village: _document(
            {"village": village, "needs": needs[village], "terms": terms[village]}, None
        )
        for village in {*terms, *needs}
    }


def _need(need: TeamVillage) -> dict[str, Any]:
    return {
        "reason": need.reason,
        "starts_on": day(need.starts_on),
        "last_day": day(need.last_day),
    }


def _document(values: Mapping[str, Any], version: int | None) -> Document:
    return Document(compact(values), version)


OF_KIND: Mapping[Kind, Callable[[Reader, Collection[str]], dict[str, Document]]] = {
    Kind.HOUSEHOLD: _households,
    Kind.CASE: _cases,
    Kind.PLAN: _plans,
    Kind.TEAM: _teams,
}
