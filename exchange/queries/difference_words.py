"""A difference in words: what it is about, whom, and both sides as people read them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.models import Division
from exchange.items import MEMBER_FIELDS, SURVEY_FIELDS
from exchange.meanings import END, HOUSEHOLD, JOIN, LINES, MEMBER, REASON, RETURN, VILLAGE
from exchange.queries.differences import Side
from households import codes
from households.api.shapes import HOUSEHOLD_FIELDS
from households.entry.fields import DATE, MONEY, YES_NO, Field
from households.incomes import items
from households.models.details import KIND_CHOICES
from trail.dates import day_text
from trail.masking import mask_id, mask_phone

OF_KIND: Mapping[str, Mapping[str, Field]] = {
    HOUSEHOLD: {one.name: one for one in HOUSEHOLD_FIELDS},
    MEMBER: {one.name: one for one in MEMBER_FIELDS},
    "survey": {one.name: one for one in SURVEY_FIELDS},
}
MORE: Mapping[str, Promise] = {
    VILLAGE: gettext_lazy("Village"),
    JOIN: gettext_lazy("New member"),
    RETURN: gettext_lazy("Return to the household"),
    END: gettext_lazy("End of the membership"),
    LINES: gettext_lazy("Income lines"),
}
Masks = Mapping[str, Callable[[str], str]]
IN_FULL: Masks = {}
MASKS: Masks = {"id_number": mask_id, "phone": mask_phone, "bank_account": mask_id}
KINDS = dict(KIND_CHOICES)


@dataclass(frozen=True)
class Told:
    """A difference as the page shows it; a side is one line or several, none for a blank."""

    side: Side
    label: str
    about: str
    ours: list[str]
    theirs: list[str]
    now: list[str]


def told_all(sides: Iterable[Side], *, masks: Masks = MASKS) -> list[Told]:
    """The differences in words; numbers are hidden by `masks`."""
    return [
        Told(
            side,
            label_of(side.row.kind, side.row.field),
            _about(side),
            _lines(side, side.ours, masks=masks),
            _lines(side, side.theirs, masks=masks),
            _lines(side, side.now, masks=masks) if side.now != side.theirs else [],
        )
        for side in sides
    ]


def label_of(kind: str, name: str) -> str:
    """What a field is called."""
    if name in MORE:
        return str(MORE[name])
    if name.startswith(REASON):
        figure = OF_KIND["survey"][name.removeprefix(REASON)].label
        return _("Reason for the change: %(figure)s") % {"figure": figure}
    return str(OF_KIND[kind][name].label)


def _about(side: Side) -> str:
    """The person or the year that it is about."""
    if side.row.member:
        return str(side.row.member.name)
    return str(side.row.year or "")


def _lines(side: Side, value: Any, *, masks: Masks) -> list[str]:
    kind, name = side.row.kind, side.row.field
    if not value:
        return []
    if name == VILLAGE:
        return [str(Division.objects.get(pk=value)), value]
    if name == LINES:
        return [_income_line(line) for line in value]
    if name in (JOIN, RETURN, END):
        return _several(MEMBER, value, masks=masks)
    if name.startswith(REASON):
        return [str(value)]
    return [_value(OF_KIND[kind][name], value, masks=masks)]


def _several(kind: str, values: Mapping[str, Any], *, masks: Masks) -> list[str]:
    """Label and value of each field that is said, a line each."""
    colon = _("%(label)s: %(value)s")
    return [
        colon % {"label": one.label, "value": _value(one, values[name], masks=masks)}
        for name, one in OF_KIND[kind].items()
        if values.get(name)
    ]


def _value(one: Field, value: Any, *, masks: Masks) -> str:
    """A value as people read it."""
    if one.name in masks:
        return masks[one.name](value)
    if one.codes:
        listed = value if isinstance(value, list) else [value]
        return _(", ").join(codes.label(one.codes, code) for code in listed)
    if one.sort == YES_NO:
        return codes.label("yes_no", value)
    if one.sort == DATE:
        return day_text(date.fromisoformat(value.strip()))
    if one.sort == MONEY:
        return _("%(amount)s yuan") % {"amount": _amount(value)}
    return f"{value} {one.unit}".strip()


def _amount(text: str) -> str:
    """Yuan with two places and grouped thousands."""
    return f"{Decimal(text):,.2f}"


def _income_line(line: Mapping[str, str]) -> str:
    item = items().get(line.get("item", ""))
    words = [str(KINDS.get(line.get("kind", ""), "")), str(item or ""), line.get("text", "")]
    if line.get("quantity") and line.get("unit_price"):
        words.append(f"{line['quantity']} × {_amount(line['unit_price'])}")
    if line.get("amount"):
        words.append(_("%(amount)s yuan") % {"amount": _amount(line["amount"])})
    return _(", ").join(word for word in words if word)
