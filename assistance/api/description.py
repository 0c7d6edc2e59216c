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
from households.api.description import many, page, thing, whole
from teams.api.description import words

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
YUAN: Schema = {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"}
AMOUNT: Schema = {"type": "string", "pattern": AMOUNT_FORM}
VILLAGE: Schema = {"type": "string", "pattern": "^[0-9]{12}$"}
CODE: Schema = {"type": "string", "pattern": "^[A-Z]{3,4}(-[A-Z0-9]{1,12})?$"}
NULLABLE: Schema = {"nullable": True}


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    person = whole({"number": TEXT, "name": TEXT | {"description": _("the family name alone")}})
    cadre = whole({"number": TEXT, "name": TEXT}) | NULLABLE
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
        "Measure": whole(_measure(cadre, person | NULLABLE)),
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
        "from_year": {"type": "integer"},
        "version": {"type": "integer"},
        "conditions": {"type": "array", "items": {"type": "object"}},
        "confirmations": {"type": "array", "items": both},
        "documents": {"type": "array", "items": both},
        "group": TEXT | NULLABLE | {"description": _("measures of one group shut each other out")},
        "repeats": _words(REPEAT_NAMES),
        "typical_low": YUAN | NULLABLE,
        "typical_high": YUAN | NULLABLE,
        "typical_per": _words(PER_NAMES),
        "cap": YUAN | NULLABLE,
        "cap_basis": _words(CAP_NAMES),
        "most_months": {"type": "integer", "nullable": True},
        "source": TEXT,
    }


def _plan(cadre: Schema) -> Schema:
    return {
        "uuid": UUID,
        "village": VILLAGE,
        "household": TEXT | NULLABLE | {"description": _("null for the plan of a village")},
        "year": {"type": "integer"},
        "target_income": YUAN | NULLABLE,
        "helper": cadre,
        "head_signed_on": DAY | NULLABLE,
        "helper_signed_on": DAY | NULLABLE,
        "approved_on": DAY | NULLABLE,
        "evaluated_on": DAY | NULLABLE,
        "satisfaction": {"type": "integer", "minimum": 1, "maximum": 5, "nullable": True},
        "measures": NUMBER,
        "planned": YUAN,
        "delivered": YUAN,
        "version": {"type": "integer"},
    }


def _measure(cadre: Schema, person: Schema) -> Schema:
    return {
        "uuid": UUID,
        "plan": UUID,
        "year": {"type": "integer"},
        "village": VILLAGE,
        "household": TEXT | NULLABLE | {"description": _("null for a measure of a village")},
        "person": person,
        "code": CODE,
        "category": _category(),
        "unit": _words(UNIT_NAMES),
        "planned": YUAN,
        "delivered": YUAN,
        "funding": _nullable(_words(SOURCE_NAMES)),
        "responsible": cadre,
        "starts_on": DAY,
        "due_on": DAY,
        "status": _words(dict(ItemStatus.choices)),
        "origin": _words(dict(Origin.choices)),
        "agreed_on": DAY | NULLABLE,
        "ended_on": DAY | NULLABLE,
        "stop_reason": _nullable(_words(dict(StopReason.choices))),
        "instalments": {
            "type": "array",
            "items": whole({"number": NUMBER, "due_on": DAY, "amount": YUAN}),
        },
        "deliveries": many("Delivery"),
        "version": {"type": "integer"},
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
        "reference": TEXT | NULLABLE,
        "recorded_at": MOMENT,
        "withdrawn_at": MOMENT | NULLABLE,
    }


def _category() -> Schema:
    return {"type": "string", "enum": [*codes.tables()["need"]], "x-list": "need"}


def _words(names: Mapping[Any, Any]) -> Schema:
    return words(names.items())


def _nullable(schema: Schema) -> Schema:
    return schema | NULLABLE | {"enum": [*schema["enum"], None]}
