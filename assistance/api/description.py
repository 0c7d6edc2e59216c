"""The JSON schemas of the resources of help (OpenAPI 3.0)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assistance.models import DeliveryKind, DeliverySource, ItemStatus, Origin, StopReason
from assistance.models.catalogue import (
    CAP_NAMES,
    PER_NAMES,
    REPEAT_NAMES,
    SECTOR_NAMES,
    UNIT_NAMES,
)
from assistance.models.plans import SOURCE_NAMES
from households import codes
from households.api.description import AMOUNT as AMOUNT_FORM
from trail.shapes import (
    DAY,
    INTEGER,
    MOMENT,
    NUMBER,
    TEXT,
    UUID,
    VILLAGE,
    YUAN,
    Schema,
    many,
    nullable,
    page,
    thing,
    whole,
    words,
)

AMOUNT: Schema = {"type": "string", "pattern": AMOUNT_FORM}
CODE: Schema = {"type": "string", "pattern": "^[A-Z]{3,4}(-[A-Z0-9]{1,12})?$"}


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    person = whole({"number": TEXT, "name": TEXT | {"description": _("the family name alone")}})
    cadre = nullable(whole({"number": TEXT, "name": TEXT}))
    named = {
        "CatalogueMeasure": whole(_catalogue()),
        "Plan": whole(_plan(cadre)),
        "Delivery": whole(_delivery()),
        "NewDelivery": thing(
            {
                "day": DAY | {"description": _("not ahead, and not before the measure was agreed")},
                "kind": _words(dict(DeliveryKind.choices)),
                "amount": AMOUNT | {"description": _("its worth in yuan; 0 where it has none")},
                "quantity": TEXT | {"maxLength": 60},
                "voucher": TEXT | {"maxLength": 60},
                "reference": TEXT
                | {"maxLength": 64, "description": _("your own number of this delivery")},
                "finishes": {
                    "type": "boolean",
                    "description": _("nothing more is to come: the measure is done"),
                },
            },
            "day",
            "kind",
            "amount",
            "reference",
        ),
        "Measure": whole(_measure(cadre, nullable(person))),
    }
    return named | {f"{name}Page": page(name) for name in ("CatalogueMeasure", "Plan", "Measure")}


def _catalogue() -> Schema:
    both = whole({"zh": TEXT, "en": TEXT})
    return {
        "code": CODE,
        "category": _category(),
        "unit": _words(UNIT_NAMES),
        "name": both,
        "sector": _words(SECTOR_NAMES),
        "division": TEXT | {"description": _("whose version this is: the nearest that speaks")},
        "from_year": INTEGER,
        "version": INTEGER,
        "conditions": {"type": "array", "items": {"type": "object"}},
        "confirmations": {"type": "array", "items": both},
        "documents": {"type": "array", "items": both},
        "group": nullable(TEXT) | {"description": _("measures of one group shut each other out")},
        "repeats": _words(REPEAT_NAMES),
        "typical_low": nullable(YUAN),
        "typical_high": nullable(YUAN),
        "typical_per": _words(PER_NAMES),
        "cap": nullable(YUAN),
        "cap_basis": _words(CAP_NAMES),
        "most_months": {"type": "integer", "nullable": True},
        "source": TEXT,
    }


def _plan(cadre: Schema) -> Schema:
    return {
        "uuid": UUID,
        "village": VILLAGE,
        "household": nullable(TEXT) | {"description": _("null for the plan of a village")},
        "year": INTEGER,
        "target_income": nullable(YUAN),
        "helper": cadre,
        "head_signed_on": nullable(DAY),
        "helper_signed_on": nullable(DAY),
        "approved_on": nullable(DAY),
        "evaluated_on": nullable(DAY),
        "satisfaction": {"type": "integer", "minimum": 1, "maximum": 5, "nullable": True},
        "measures": NUMBER,
        "planned": YUAN,
        "delivered": YUAN,
        "version": INTEGER,
    }


def _measure(cadre: Schema, person: Schema) -> Schema:
    return {
        "uuid": UUID,
        "plan": UUID,
        "year": INTEGER,
        "village": VILLAGE,
        "household": nullable(TEXT) | {"description": _("null for a measure of a village")},
        "person": person,
        "code": CODE,
        "category": _category(),
        "unit": _words(UNIT_NAMES),
        "planned": YUAN,
        "delivered": YUAN,
        "funding": nullable(_words(SOURCE_NAMES)),
        "responsible": cadre,
        "starts_on": DAY,
        "due_on": DAY,
        "status": _words(dict(ItemStatus.choices)),
        "origin": _words(dict(Origin.choices)),
        "agreed_on": nullable(DAY),
        "ended_on": nullable(DAY),
        "stop_reason": nullable(_words(dict(StopReason.choices))),
        "instalments": {
            "type": "array",
            "items": whole({"number": NUMBER, "due_on": DAY, "amount": YUAN}),
        },
        "deliveries": many("Delivery"),
        "version": INTEGER,
    }


def _delivery() -> Schema:
    return {
        "uuid": UUID,
        "number": NUMBER,
        "day": DAY,
        "kind": _words(dict(DeliveryKind.choices)),
        "amount": YUAN,
        "quantity": TEXT,
        "voucher": TEXT,
        "source": _words(dict(DeliverySource.choices)),
        "reference": nullable(TEXT),
        "recorded_at": MOMENT,
        "withdrawn_at": nullable(MOMENT),
    }


def _category() -> Schema:
    return {"type": "string", "enum": [*codes.tables()["need"]], "x-list": "need"}


def _words(names: Mapping[Any, Any]) -> Schema:
    return words(names.items())
