"""The JSON schemas of pushed households and of what becomes of them (OpenAPI 3.0)."""

from typing import Any

from django.utils.translation import gettext as _

from exchange.actions.pushing import Outwards
from exchange.api.batches import MOST
from exchange.items import MEMBER_FIELDS, READ_ONLY, SURVEY_FIELDS
from households.api.description import field_schema, rows
from households.api.shapes import HOUSEHOLD_FIELDS
from households.importing.importers import FIRST_YEAR
from trail.shapes import (
    HOUSEHOLD_NUMBER,
    INTEGER,
    NUMBER,
    TEXT,
    VILLAGE,
    Schema,
    many,
    nullable,
    one,
    said,
    thing,
    whole,
)

RESULTS = tuple(str(kind) for kind in Outwards)


def schemas() -> dict[str, Schema]:
    """Every schema of batches by name, in the active language."""
    return _bodies() | _answers()


def _bodies() -> dict[str, Schema]:
    head = {
        "number": said(HOUSEHOLD_NUMBER, _("of the household; one that is new is registered")),
        "village": said(VILLAGE, _("needed for a new household")),
        "version": said(nullable(NUMBER), _("the one on record that you saw last")),
        "status": said(
            nullable(TEXT),
            _("history of a new household in an uploaded file, where its county takes it"),
        ),
        "exit_year": nullable(INTEGER),
    }
    households = {
        "type": "array",
        "maxItems": MOST,
        "items": said(
            {"type": "object", "anyOf": [one("PushedHousehold"), {"type": "object"}]},
            _("an object of another shape is rejected by itself"),
        ),
    }
    return {
        "Batch": thing({"households": households}, "households"),
        "PushedHousehold": thing(
            head
            | _fields(HOUSEHOLD_FIELDS)
            | {"members": rows("PushedMember"), "surveys": rows("PushedSurvey")}
            | _passed_over(READ_ONLY["household"]),
            "number",
        ),
        "PushedMember": thing(_fields(MEMBER_FIELDS) | _passed_over(READ_ONLY["member"])),
        "PushedSurvey": thing(
            {"year": INTEGER | {"minimum": FIRST_YEAR}}
            | _fields(SURVEY_FIELDS)
            | {"lines": nullable(rows("Line")), "reasons": one("Reasons")}
            | _passed_over(READ_ONLY["survey"]),
            "year",
        ),
    }


def _fields(entered: tuple[Any, ...]) -> Schema:
    return {
        field.name: nullable(TEXT) | {"x-list": field.codes}
        if field.codes == "member_end_reason"
        else field_schema(field)
        for field in entered
    }


def _passed_over(names: tuple[str, ...]) -> Schema:
    words = _("passed over: only the door says this")
    return {name: said(nullable(INTEGER if name == "persons" else TEXT), words) for name in names}


def _answers() -> dict[str, Schema]:
    pointers = {"type": "array", "items": TEXT}
    fault = {"pointer": TEXT, "code": TEXT, "detail": TEXT}
    return {
        "BatchAnswer": whole(
            {
                "push": said(
                    nullable(INTEGER), _("number of the batch; null for one that is tried")
                ),
                "counts": whole(dict.fromkeys(RESULTS, NUMBER)),
                "results": many("PushResult"),
            }
        ),
        "PushResult": whole(
            {
                "index": said(
                    NUMBER,
                    _("place in the batch or line of the file, from 0; in a table the first row"),
                ),
                "number": nullable(TEXT),
                "result": TEXT | {"enum": [*RESULTS]},
                "version": said(nullable(INTEGER), _("on record now; null where there is none")),
                "errors": said(
                    {"type": "array", "items": whole(fault)},
                    _(
                        "with pointers into the household, or to row and heading of a table;"
                        " nothing of it was written"
                    ),
                ),
                "warnings": {"type": "array", "items": whole({"code": TEXT, "detail": TEXT})},
                "queued": said(pointers, _("values that wait for the county")),
                "refused": said(pointers, _("values that belong to the county")),
                "overwritten": said(pointers, _("values written over those of an officer")),
                "kept": said(pointers, _("values over which the county decided for its own")),
            }
        ),
    }
