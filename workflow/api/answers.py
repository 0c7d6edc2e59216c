"""Cases as JSON values. What somebody wrote in words is left out, as on the pages of such a reader:
notes, texts of evidence, objections and what was found about them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from trail.shapes import day, moment
from workflow.machine import Kind, Machine, Step
from workflow.models import Case, CaseEvent, NoticeLine, Objection
from workflow.procedures import machine_of

WORDS = (Kind.TEXT, Kind.REMARKS)


def case_json(case: Case, subject: Mapping[str, Any]) -> dict[str, Any]:
    """Where a case stands; `subject` says whom it is about."""
    return {
        "id": case.pk,
        "kind": case.kind,
        "division": case.division_id,
        **subject,
        "state": case.state,
        "since": day(case.entered_state_on),
        "opened_on": day(case.opened_on),
        "closed_at": moment(case.closed_at),
        "facts_hash": case.facts_hash,
        "version": case.version,
    }


def way_json(case: Case) -> dict[str, Any]:
    """What was done in a case: its events, its notices, and what was said against them."""
    machine = machine_of(case.kind)
    lines = case.notice_lines.select_related("notice").order_by("pk")
    objections = Objection.objects.filter(line__case=case).order_by("pk")
    return {
        "events": [event_json(machine, one) for one in case.events.defer("facts").order_by("seq")],
        "notices": [_notice(one) for one in lines],
        "objections": [_objection(one) for one in objections],
    }


def event_json(machine: Machine, event: CaseEvent) -> dict[str, Any]:
    """One step, with the day, number or choice that it put on record."""
    step = machine.by_source.get((event.from_state, event.step))
    return {
        "number": event.seq,
        "step": event.step,
        "from_state": event.from_state or None,
        "to_state": event.to_state,
        "on": day(event.on),
        "at": moment(event.at),
        "officer": event.actor_name,
        "role": event.role,
        "posted_to": event.posted_to,
        "decides": event.decides,
        "facts_hash": event.facts_hash,
        "evidence": dict(_evidence(step, event)) if step else {},
    }


def _evidence(step: Step, event: CaseEvent) -> Iterator[tuple[str, Any]]:
    """What is no free text of the evidence."""
    for wanted in step.needs_evidence:
        value = event.evidence.get(wanted.name)
        if wanted.kind not in WORDS and value not in (None, ""):
            yield wanted.name, value


def _notice(line: NoticeLine) -> dict[str, Any]:
    notice = line.notice
    return {
        "step": notice.step,
        "posted_on": day(notice.posted_on),
        "days": notice.days,
        "last_day": day(notice.last_day),
        "taken_down_on": day(notice.taken_down_on),
        "removed_at": moment(line.removed_at),
    }


def _objection(one: Objection) -> dict[str, Any]:
    return {
        "received_on": day(one.received_on),
        "resolved_on": day(one.resolved_on),
        "upheld": one.upheld,
    }
