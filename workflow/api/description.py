"""The JSON schemas of cases (OpenAPI 3.0), written from their machines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from officers.models import ROLE_NAMES
from trail.shapes import (
    DAY,
    DIGEST,
    FLAG,
    INTEGER,
    MOMENT,
    NUMBER,
    PLACE,
    TEXT,
    Schema,
    many,
    nullable,
    page,
    said,
    thing,
    whole,
    words,
)
from workflow.api.answers import WORDS
from workflow.machine import AMEND, END, OPEN, Evidence, Kind, Machine


def shared_schemas() -> dict[str, Schema]:
    """What cases of all procedures hold."""
    notice = {
        "step": TEXT,
        "posted_on": DAY,
        "days": NUMBER,
        "last_day": DAY,
        "taken_down_on": nullable(DAY),
        "removed_at": said(nullable(MOMENT), _("when the line of this case was taken off it")),
    }
    objection = {
        "received_on": DAY,
        "resolved_on": nullable(DAY),
        "upheld": said(nullable(FLAG), _("null while nobody has resolved it")),
    }
    return {"CaseNotice": whole(notice), "CaseObjection": whole(objection)}


def case_schemas(
    name: str, machines: Sequence[Machine], *, subject: Schema, facts: Schema, own: Schema
) -> dict[str, Schema]:
    """The schemas of the cases of some procedures: a row of their list, its page, one case whole.

    `subject` says whom they are about, `facts` what they rest on, `own` what their app keeps.
    """
    row = {
        "id": INTEGER,
        "kind": words((one.kind, _(one.label)) for one in machines),
        "division": PLACE,
        **subject,
        "state": said(words(states_of(machines).items()), _("where it stands")),
        "since": said(DAY, _("since when it stands there")),
        "opened_on": DAY,
        "closed_at": nullable(MOMENT),
        "facts_hash": said(DIGEST, _("digest of the facts that it rests on")),
        "version": INTEGER,
    }
    way = {
        "events": many(f"{name}Event"),
        "notices": many("CaseNotice"),
        "objections": many("CaseObjection"),
    }
    return {
        f"{name}Row": whole(row),
        f"{name}Page": page(f"{name}Row"),
        f"{name}Event": whole(_event(machines)),
        name: whole(row | {"facts": nullable(facts)} | own | way),
    }


def states_of(machines: Iterable[Machine]) -> dict[str, str]:
    """The states of these procedures with their names."""
    return {state: _(label) for one in machines for state, label in one.states.items()}


def _event(machines: Sequence[Machine]) -> Schema:
    states = words(states_of(machines).items())
    return {
        "number": said(NUMBER, _("the version that the case reached by it")),
        "step": words(_steps(machines)),
        "from_state": nullable(states),
        "to_state": states,
        "on": DAY,
        "at": MOMENT,
        "officer": TEXT,
        "role": words(ROLE_NAMES.items()),
        "posted_to": PLACE,
        "decides": said(FLAG, _("whether it is a decision")),
        "facts_hash": DIGEST,
        "evidence": thing(_evidence(machines)),
    }


def _steps(machines: Iterable[Machine]) -> Iterator[tuple[str, str]]:
    yield OPEN, _("Case opened")
    yield AMEND, _("Facts replaced")
    yield END, _("Ended by the decision on another case")
    for machine in machines:
        yield from ((step.name, _(step.label)) for step in machine.steps)


def _evidence(machines: Iterable[Machine]) -> dict[str, Schema]:
    """What steps put on record beside free text."""
    return {
        wanted.name: said(_value(wanted), _(wanted.label))
        for machine in machines
        for step in machine.steps
        for wanted in step.needs_evidence
        if wanted.kind not in WORDS
    }


def _value(wanted: Evidence) -> dict[str, Any]:
    if wanted.kind == Kind.CHOICE:
        return {"type": "string", "enum": [code for code, _label in wanted.choices]}
    return NUMBER if wanted.kind == Kind.NUMBER else DAY
