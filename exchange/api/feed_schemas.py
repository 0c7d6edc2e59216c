"""The JSON schemas of the change feed (OpenAPI 3.0)."""

from typing import Any

from django.utils.translation import gettext as _

from assistance.api.description import schemas as schemas_of_help
from exchange.api.changes import KINDS
from exchange.queries.household_documents import PRIVATE
from households.api.description import field_schema
from households.api.shapes import FIGURE_FIELDS, HOUSEHOLD_FIELDS, LIVING_FIELDS, PERSON_FIELDS
from households.models.households import STATE_CHOICES
from officers.rules import Role
from teams.models.terms import NeedReason
from trail.shapes import (
    DAY,
    DIGEST,
    FLAG,
    HOUSEHOLD_NUMBER,
    INTEGER,
    MOMENT,
    NUMBER,
    PLACE,
    TEXT,
    VILLAGE,
    Schema,
    many,
    nullable,
    one,
    said,
    thing,
    whole,
    words,
)

NOTHING: Schema = {"type": "object", "nullable": True, "enum": [None]}


def schemas() -> dict[str, Schema]:
    """Every schema of the feed by name, in the active language."""
    return _feed() | _documents()


def _feed() -> dict[str, Schema]:
    kinds = [f"{name.capitalize()}Document" for name in KINDS]
    document = {"type": "object", "nullable": True, "anyOf": [*map(one, kinds), NOTHING]}
    return {
        "ChangePage": whole(
            {
                "epoch": said(TEXT, _("the history that the cursor belongs to")),
                "results": many("Change"),
                "next": said(TEXT, _("the cursor of the next page, also on the last")),
                "more": said(FLAG, _("the next page can be asked for at once")),
            }
        ),
        "Change": whole(
            {
                "kind": TEXT | {"enum": [*KINDS]},
                "key": said(
                    TEXT,
                    _("household: its number; case: its id; plan: its uuid; team: the village"),
                ),
                "gone": said(FLAG, _("it is not there any more, or outside the client's posting")),
                "version": nullable(INTEGER),
                "document": said(
                    document, _("as it stands now, not as it changed; null when gone")
                ),
            }
        ),
    }


def _documents() -> dict[str, Schema]:
    need = {"reason": words(NeedReason.choices), "starts_on": DAY, "last_day": nullable(DAY)}
    return {
        "HouseholdDocument": _of_fields(
            {
                "number": HOUSEHOLD_NUMBER,
                "village": VILLAGE,
                "status": words((int(state), name) for state, name in STATE_CHOICES),
                "exit_year": nullable(INTEGER),
                "version": INTEGER,
            },
            HOUSEHOLD_FIELDS,
            {"members": many("PersonDocument"), "surveys": many("SurveyDocument")},
        ),
        "PersonDocument": _of_fields(
            {},
            PERSON_FIELDS,
            {
                "end_reason": nullable(TEXT) | {"x-list": "member_end_reason"},
                "end_date": nullable(DAY),
            },
        ),
        "SurveyDocument": _of_fields(
            {"year": INTEGER},
            (*FIGURE_FIELDS, *LIVING_FIELDS),
            {"lines": many("RecordedLine"), "reasons": one("Reasons")},
        ),
        "CaseDocument": whole(_case()),
        "PlanDocument": whole(schemas_of_help()["Plan"]["properties"] | {"items": many("Measure")}),
        "TeamDocument": whole(
            {
                "village": VILLAGE,
                "needs": said(
                    {"type": "array", "items": whole(need)}, _("why and when it must have a team")
                ),
                "terms": said(many("Term"), _("ended, running and future ones")),
            }
        ),
    }


def _of_fields(head: Schema, fields: tuple[Any, ...], tail: Schema) -> Schema:
    """An object with fields of the entry table; private ones may be absent."""
    own = {field.name: field_schema(field) for field in fields}
    properties = head | own | tail
    return thing(properties, *(name for name in properties if name not in PRIVATE))


def _case() -> Schema:
    event = {
        "number": NUMBER,
        "step": TEXT,
        "from_state": nullable(TEXT),
        "to_state": TEXT,
        "on": DAY,
        "role": TEXT | {"enum": [*Role]},
        "posted_to": PLACE,
        "decides": said(FLAG, _("the step is a decision")),
    }
    return {
        "id": INTEGER,
        "kind": said(TEXT, _("the procedure")),
        "division": PLACE,
        "subject": said(TEXT, _("number of the household or cadre, or code of the place")),
        "state": TEXT,
        "since": DAY,
        "opened_on": DAY,
        "closed_at": nullable(MOMENT),
        "facts_hash": DIGEST,
        "version": INTEGER,
        "events": {"type": "array", "items": whole(event)},
    }
