"""The catalogue as a province or a county keeps it: new versions, own measures, withdrawals.

Nothing is changed: each act writes one more version, below the place of the writer and from a year
on. Whoever writes holds the lock of his province, so that he sees every version above and below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assistance.explain import condition_faults
from assistance.models import Measure
from assistance.queries.catalogue import latest_version, standing_version, versions_for
from assistance.refusals import said
from assistance.rights import CATALOGUE_KEEPERS
from divisions.models import DIGITS, Division, Level
from officers.models import Officer
from officers.rights import require
from teams.refusals import EntryRefused, refuse_invalid
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried

KEPT_AT = (Level.PROVINCE, Level.COUNTY)
FIXED = ("code", "category", "unit", "order", "income_kind")
"""What a measure is, in every version and place."""


@dataclass(frozen=True)
class Entry:
    """What a version says, by the names of the model; it holds from `year` on."""

    year: int
    name_zh: str
    name_en: str
    sector: str
    conditions: list[dict[str, Any]]
    confirmations: list[dict[str, str]]
    documents: list[dict[str, str]]
    group: str
    repeats: str
    typical_low: Decimal | None
    typical_high: Decimal | None
    typical_per: str
    cap: Decimal | None
    cap_basis: str
    most_months: int | None
    source: str

    @property
    def values(self) -> dict[str, Any]:
        """Everything but the year."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "year"}


@dataclass(frozen=True)
class Kind:
    """What a measure of a place's own is for good: its code, category and unit."""

    code: str
    category: str
    unit: str


SAID = tuple(one.name for one in fields(Entry) if one.name != "year")


def writable_years() -> tuple[int, int]:
    """From which years a new version can hold: plans are drafted for this year and the next."""
    year = business_date().year
    return year, year + 1


@retried
@transaction.atomic
def write_version(code: str, entry: Entry, *, by: Officer, seen: int) -> Measure:
    """A new version of a measure for the place of the officer's posting; it is offered again.

    `seen` is the key of the newest version that he saw. Raises NotAllowed; Stale when there is a
    newer one; EntryRefused for faults, or when nothing differs from what holds.
    """
    place = _place(by)
    before = _newest(code, place, seen)
    standing = standing_version(code, place.pk, entry.year) or before
    same = all(getattr(standing, name) == value for name, value in entry.values.items())
    if same and standing.offered and standing.year <= entry.year:
        raise EntryRefused([("", _("Nothing differs from what holds already."))])
    kept = {name: getattr(standing, name) for name in FIXED}
    return _write(place, entry.year, kept | entry.values, standing, "write_measure", by)


@retried
@transaction.atomic
def withdraw_measure(code: str, *, year: int, source: str, by: Officer, seen: int) -> Measure:
    """Let a measure not be offered from `year` on in the place of the officer's posting.

    Plans that hold it keep it. Raises as `write_version`; Refused when it is not offered anyway.
    """
    place = _place(by)
    before = _newest(code, place, seen)
    standing = standing_version(code, place.pk, year) or before
    if not standing.offered:
        raise Refused(_("This measure is not offered here in that year already."), code="withdrawn")
    kept = {name: getattr(standing, name) for name in (*FIXED, *SAID)}
    values = kept | {"source": source, "offered": False}
    return _write(place, year, values, standing, "withdraw_measure", by)


@retried
@transaction.atomic
def add_measure(kind: Kind, entry: Entry, *, by: Officer) -> Measure:
    """A measure of the place's own. Its code must be new in the whole catalogue."""
    place = _place(by)
    Division.objects.select_for_update(no_key=True).get(pk="0")
    if Measure.objects.filter(code=kind.code).exists():
        raise EntryRefused([("code", _("A measure has this code already. Choose another one."))])
    last = Measure.objects.filter(category=kind.category).aggregate(last=Max("order"))["last"]
    known = {"code": kind.code, "category": kind.category, "unit": kind.unit}
    values = known | {"order": (last or 0) + 1} | entry.values
    return _write(place, entry.year, values, None, "add_measure", by)


def _place(by: Officer) -> Division:
    """The province or county that the officer writes for; its province is locked."""
    posting = require(by, *CATALOGUE_KEEPERS)
    place = Division.objects.get(pk=posting.division_id)
    if place.level not in KEPT_AT:
        raise NotAllowed(
            _("A province or a county keeps its part of the catalogue."), code="wrong_level"
        )
    province = place.pk[: DIGITS[Level.PROVINCE]]
    Division.objects.select_for_update(no_key=True).get(pk=province)
    return place


def _newest(code: str, place: Division, seen: int) -> Measure:
    """The newest version that can hold at the place; Stale unless it was seen."""
    newest = latest_version(code, place.pk)
    if newest is None:
        raise Refused(_("There is no such measure here."), code="unknown_measure")
    if newest.pk != seen:
        raise Stale(
            _(
                "%(place)s wrote a new version of this measure since you opened the form. Look at"
                " what holds now."
            )
            % {"place": newest.division.name},
            details={"newest": newest.pk},
        )
    return newest


def _write(
    place: Division,
    year: int,
    values: Mapping[str, Any],
    before: Measure | None,
    action: str,
    by: Officer,
) -> Measure:
    if year not in writable_years():
        text = _("Choose this year or the next.")
        raise EntryRefused([("year", text)])
    if faults := condition_faults(values["conditions"], values["unit"]):
        raise EntryRefused([("conditions", said(one)) for one in faults])
    own = versions_for(values["code"], [place.pk]).filter(year=year)
    number = (own.aggregate(last=Max("version"))["last"] or 0) + 1
    row = Measure(division=place, year=year, version=number, set_by=by, **values)
    refuse_invalid(row)
    row.save(force_insert=True)
    record(
        by=by,
        action=action,
        subject=row,
        division=place.pk,
        before=told(before) if before else None,
        after=told(row) | {"year": year, "code": row.code, "offered": row.offered},
    )
    return row


def told(measure: Measure) -> dict[str, Any]:
    """A version as the trace keeps it; nothing of it is about a person."""
    values = {name: getattr(measure, name) for name in SAID}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }
