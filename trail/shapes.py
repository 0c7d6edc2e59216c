"""Shapes of JSON that the descriptions of all resources share (OpenAPI 3.0), and values in them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Schema = dict[str, Any]
OCTETS = "application/octet-stream"
"""The media type of a body of bytes, whatever they are."""

TEXT: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
YUAN: Schema = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
PLACE: Schema = {"type": "string", "pattern": "^[0-9]{1,12}$"}
VILLAGE: Schema = {"type": "string", "pattern": "^[0-9]{12}$"}
HOUSEHOLD_NUMBER: Schema = {"type": "string", "pattern": "^[0-9A-Za-z-]{1,20}$"}


def thing(properties: Schema, *required: str) -> Schema:
    """An object with these properties and no other."""
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": [*required]} if required else {})


def whole(properties: Schema) -> Schema:
    """An answer: all properties are always there."""
    return thing(properties, *properties)


def one(name: str) -> Schema:
    """An object of this description."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(name: str) -> Schema:
    """An array of objects of this description."""
    return {"type": "array", "items": one(name)}


def page(name: str) -> Schema:
    """One page of a list; `next` is the address of the next one."""
    return whole({"next": {"type": "string", "nullable": True}, "results": many(name)})


def nullable(schema: Schema) -> Schema:
    """The same or null."""
    found = schema | {"nullable": True}
    return found | {"enum": [*found["enum"], None]} if "enum" in found else found


def words(pairs: Iterable[tuple[Any, Any]]) -> Schema:
    """A code of a list; the description says what each one means."""
    known = {str(code): str(label) for code, label in pairs}
    told = ", ".join(f"{code}: {label}" for code, label in known.items())
    return {"type": "string", "enum": [*known], "description": told}


def said(schema: Schema, sentence: Any) -> Schema:
    """The same with a sentence about it."""
    return schema | {"description": str(sentence)}


def day(value: date | None) -> str | None:
    """A day as YYYY-MM-DD."""
    return value.isoformat() if value else None


def moment(value: datetime | None) -> str | None:
    """A moment in UTC, to the microsecond."""
    return value.isoformat().replace("+00:00", "Z") if value else None


def yuan(amount: Decimal | None) -> str | None:
    """An amount with two decimals."""
    return None if amount is None else f"{amount:.2f}"
