"""What must hold in the exit of a place whatever was tried, told from its events alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from exits.models import ListedPlace
from exits.queries.recomputing import places_again
from officers.rules import Role
from tests.oracle.steps import DECIDES, ORACLE
from workflow.models import CaseEvent

DAYS = {
    ("village_exit", "verify", "checked_on"): "proposed",
    ("village_exit", "announce", "announced_on"): "approved",
    ("county_exit", "review", "checked_on"): "proposed",
    ("county_exit", "verify", "checked_on"): "review",
    ("county_exit", "evaluate", "received_on"): "verified",
}
"""Which day lies on or after what: a state that the case came to, or the day of another step."""

NEEDED = {"village_exit": ("verify", "approve"), "county_exit": ("evaluate", "approve")}
"""The steps that want a finding: a judgement, an evaluation."""

BOUND = {"village_exit": "verify", "county_exit": "evaluate"}
"""The step that binds the finding; what is found later is not asked."""


@dataclass(frozen=True)
class Acted:
    """Who recorded figures, a judgement or an evaluation when the case was at that version."""

    version: int
    officer: int
    name: str


@dataclass(frozen=True)
class Found:
    """What was found when the case was at that version: whether it speaks for the exit."""

    version: int
    speaks_for: bool


def may_be(event: CaseEvent, events: Sequence[CaseEvent], others: Sequence[Acted]) -> None:
    """An event is a step of the domain reference, by a role and a hand that may take it."""
    kind = event.case.kind
    assert event.decides is (event.step in DECIDES[kind])
    if event.step in ("open", "amend"):
        return
    line = ORACLE[kind][event.from_state, event.step]
    assert event.to_state == line.target
    assert Role(event.role) in line.roles
    who, before = event.actor_id, event.seq
    mine = {one.step for one in events if one.actor_id == who and one.seq < before}
    mine |= {one.name for one in others if one.officer == who and one.version < before}
    assert not mine & line.apart, (event.step, mine)


def days_follow(event: CaseEvent, events: Sequence[CaseEvent]) -> None:
    """The days that a step enters lie between what it follows and its own day."""
    earlier = [one for one in reversed(events) if one.seq < event.seq]
    assert not earlier or earlier[0].on <= event.on
    for (kind, step, name), after in DAYS.items():
        if (kind, step) != (event.case.kind, event.step):
            continue
        first = next(
            date.fromisoformat(one.evidence[name]) if one.step == after else one.on
            for one in earlier
            if after in (one.step, one.to_state)
        )
        assert first <= date.fromisoformat(event.evidence[name]) <= event.on, (step, name)


def findings_carry(events: Sequence[CaseEvent], findings: Sequence[Found]) -> None:
    """The last event, if it wants a finding, rests on the last one of its run; what is decided, and
    the verification of a village, on one that speaks for the exit.
    """
    event = events[-1]
    kind = event.case.kind
    if event.step not in NEEDED[kind]:
        return
    until = max(one.seq for one in events if one.step == BOUND[kind])
    begun = max((one.seq for one in events if one.seq < until and sent_back(one)), default=0)
    found = [one.speaks_for for one in findings if begun <= one.version < until]
    assert found, event.step
    assert found[-1] or (kind, event.step) == ("county_exit", "evaluate")


def sent_back(event: CaseEvent) -> bool:
    """Whether a case went back by the event, so that what was found before counts no more."""
    moved = event.from_state != event.to_state
    return event.step == "return" or (event.step == "amend" and moved)


def left_by_approval(place: ListedPlace, events: Sequence[CaseEvent]) -> None:
    """The place has left its list exactly when the case was approved, and by that case."""
    left = (place.exited_on, place.exit_year, place.case_id)
    approved = [event for event in events if event.to_state == "approved"]
    if not approved:
        assert left == (None, None, None)
        return
    [event] = approved
    assert left == (event.on, (event.facts or {})["year"], event.case_id)


def facts_kept(events: Sequence[CaseEvent]) -> None:
    """Each decision keeps its facts with their digest; the last one comes out again from them."""
    for event in events:
        assert event.facts is not None or not event.decides
        assert event.facts is None or own_digest(event.facts) == event.facts_hash
    if events[-1].decides:
        [again] = places_again(events[-1:]).values()
        assert again
        assert [one for one in again if not one.is_same] == []


def own_digest(facts: Mapping[str, Any]) -> str:
    """The sha256 of facts as JSON with sorted keys and without blanks."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
