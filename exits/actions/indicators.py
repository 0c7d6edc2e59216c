"""The indicators that a province asks of the exit of a village, as versions.

Nothing is changed: each act writes one more version for the province, from a year on, and it holds
once another officer has confirmed it. Whoever writes holds the lock of the province.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from divisions.models import Division
from exits.models import Indicator
from exits.queries.indicators import VILLAGE, versions_for
from exits.rights import INDICATOR_CONFIRMERS, INDICATOR_KEEPERS
from households.village_fields import Kind, fields, in_words
from officers.models import Officer
from officers.rights import require
from teams.refusals import EntryRefused, refuse_invalid
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried

CODE = RegexValidator(r"^[A-Z][A-Z0-9-]{1,19}\Z")
STEP = 10


@dataclass(frozen=True)
class Entry:
    """What a version says, by the names of the model; it holds from `year` on."""

    year: int
    name_zh: str
    name_en: str
    field: str
    least: Decimal | None
    most: Decimal | None
    vetoes: bool
    asked: bool
    source: str


def writable_years() -> list[int]:
    """From which years a version can hold: last year, whose figures are being collected, on."""
    year = business_date().year
    return [year - 1, year, year + 1]


@retried
@transaction.atomic
def write_indicator(code: str, entry: Entry, *, seen: int | None, by: Officer) -> Indicator:
    """A new version of an indicator for the province; without `seen` it is a new indicator.

    It holds once the province approver has confirmed it.
    `seen` is the key of the newest version that the officer saw. Raises NotAllowed; EntryRefused
    for faults; Stale when there is a newer version.
    """
    posting = require(by, *INDICATOR_KEEPERS)
    place = Division.objects.select_for_update(no_key=True).get(pk=posting.division_id)
    newest = versions_for(code, place.pk).order_by("-pk").first()
    if seen is None and newest:
        raise EntryRefused([("code", _("An indicator has this code already. Choose another."))])
    if seen is not None and (newest is None or newest.pk != seen):
        raise Stale(
            _("Somebody wrote a new version since you opened the form. Look at it first."),
            details={"differences": _differences(newest, entry) if newest else []},
        )
    if faults := _faults(code, entry):
        raise EntryRefused(faults)
    own = Indicator.objects.filter(division=place, about=VILLAGE, code=code, year=entry.year)
    row = Indicator(
        division=place,
        about=VILLAGE,
        code=code,
        version=(own.aggregate(last=Max("version"))["last"] or 0) + 1,
        order=newest.order if newest else _next_order(),
        set_by=by,
        **vars(entry),
    )
    refuse_invalid(row)
    row.save(force_insert=True)
    record(
        by=by,
        action="write_indicator",
        subject=row,
        division=place.pk,
        before=told(newest) if newest else None,
        after=told(row) | {"code": code, "year": entry.year},
    )
    return row


@retried
@transaction.atomic
def confirm_indicator(key: int, *, by: Officer) -> Indicator:
    """Let a version hold that another officer of the province wrote.

    Raises NotAllowed, also for his own version; Refused when it does not wait; Stale when there is
    a newer one.
    """
    found = Indicator.objects.filter(pk=key, about=VILLAGE)
    code = found.values_list("division_id", flat=True).get()
    place = Division.objects.select_for_update(no_key=True).get(pk=code)
    require(by, *INDICATOR_CONFIRMERS, code=place.pk)
    row = found.get()
    if not row.waits:
        raise Refused(_("This version does not wait for anybody."), code="not_waiting")
    if Indicator.objects.filter(division=place, about=VILLAGE, code=row.code, pk__gt=key).exists():
        raise Stale(_("There is a newer version. Look at it first."))
    if row.set_by_id == by.pk:
        text = _("You wrote this version. Another officer must confirm it.")
        raise NotAllowed(text, code="same_hand")
    row.confirmed_by, row.confirmed_at = by, timezone.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        by=by,
        action="confirm_indicator",
        subject=row,
        division=place.pk,
        before={"confirmed": False},
        after=told(row) | {"code": row.code, "confirmed": True},
    )
    return row


def _next_order() -> int:
    last: int = Indicator.objects.filter(about=VILLAGE).aggregate(last=Max("order"))["last"] or 0
    return last + STEP


def _faults(code: str, entry: Entry) -> list[tuple[str, str]]:
    faults = []
    if not CODE.regex.match(code):  # type: ignore[union-attr]
        text = _("Write 2 to 20 capitals, digits and hyphens, a capital first.")
        faults.append(("code", text))
    if entry.year not in writable_years():
        faults.append(("year", _("Choose last year, this year or the next.")))
    known = fields().get(entry.field)
    bounded = entry.least is not None or entry.most is not None
    if bounded and (known is None or known.kind == Kind.FLAG):
        text = _("Only an indicator with a figure that is a number has bounds.")
        faults.append(("least" if entry.least is not None else "most", text))
    if entry.least is not None and entry.most is not None and entry.least > entry.most:
        faults.append(("most", _("This is less than “at least”.")))
    return faults


def _differences(newest: Indicator, entry: Entry) -> list[dict[str, str]]:
    """What was entered beside the newest version on record, where they differ, in words."""
    labels = {one.name: capfirst(str(one.verbose_name)) for one in Indicator._meta.fields}
    return [
        {
            "label": labels[name],
            "before": _in_words(name, mine),
            "after": _in_words(name, getattr(newest, name)),
        }
        for name, mine in vars(entry).items()
        if mine != getattr(newest, name)
    ]


def _in_words(name: str, value: Any) -> str:
    known = fields().get(value) if name == "field" else None
    if known or name == "year":
        return str(known or value)
    return in_words(None if value == "" else value)


def told(indicator: Indicator) -> dict[str, Any]:
    """A version as the trace keeps it."""
    values = {name: getattr(indicator, name) for name in Entry.__dataclass_fields__}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }
