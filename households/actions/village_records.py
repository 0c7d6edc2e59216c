"""The record of a village for a year: written down once, corrected by further records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from households.models import VillageRecord
from households.village_fields import Value, fields, in_words, kept, larger_than_whole
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import change_of
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.models import Change
from trail.transactions import retried
from workflow.errors import Incomplete

RECORDERS = frozenset(
    {Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER, Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK}
)
"""Who keeps the records of the villages of his posting."""

FIRST_YEAR = 2013
PAGE, FILE = "page", "file"
REASON_LENGTH = 200


@dataclass(frozen=True)
class Entry:
    """The figures of a village for a year, None for unknown; `reason` goes with a correction.

    `seen` is the key of the record that the officer saw, None for none.
    """

    year: int
    values: Mapping[str, Value | None]
    seen: int | None = None
    reason: str = ""


@retried
@transaction.atomic
def record_village(code: str, entry: Entry, *, by: Officer, source: str = PAGE) -> VillageRecord:
    """Keep the figures of a village for a year; a second time it is a correction with its reason.

    Raises NotAllowed; Incomplete for faults, each at its field; Stale, with the difference, when
    somebody recorded the year since; Refused when nothing differs.
    """
    require(by, *RECORDERS, code=code)
    village = Division.objects.select_for_update(no_key=True).get(pk=code)
    if village.level != Level.VILLAGE or not village.is_in_force(business_date()):
        raise Refused(_("Only a village that is in force has a record."), code="no_village")
    before = record_of(code, entry.year)
    values = kept(entry.values)
    refuse_seen(before, entry.seen, values)
    if faults := faults_of(entry) | _reason_fault(before, entry.reason):
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    if before and before.values == values:
        raise Refused(_("Nothing differs from what is on record."), code="no_change")
    made = VillageRecord.everywhere.create(
        village=village,
        year=entry.year,
        values=values,
        corrects=before,
        reason=entry.reason.strip() if before else "",
        source=source,
        recorded_by=by,
    )
    trace_of(made, before, by=by).save(force_insert=True)
    return made


def trace_of(made: VillageRecord, before: VillageRecord | None, *, by: Officer) -> Change:
    """The line of the trace, not yet saved: what of the figures differs from the record before."""
    old = before.values if before else {}
    changed = [name for name in fields() if old.get(name) != made.values.get(name)]
    return change_of(
        by=by,
        action="correct_village" if before else "record_village",
        subject=made,
        division=made.village_id,
        before={name: old.get(name) for name in changed} if before else None,
        after={"year": made.year} | {name: made.values.get(name) for name in changed},
        reason=made.reason,
        origin=made.source,
    )


def record_of(code: str, year: int) -> VillageRecord | None:
    """The record of a village for a year that no later one corrects."""
    return VillageRecord.everywhere.in_force().filter(village=code, year=year).first()


def refuse_seen(before: VillageRecord | None, seen: int | None, values: Mapping[str, Any]) -> None:
    """Stale, with the difference, unless `before` is the record that the officer saw."""
    if before is None or before.pk == seen:
        return
    message = _("%(name)s recorded this year while you were at it. Compare, then send it again.")
    differences = [
        {
            "label": str(one),
            "before": in_words(values.get(name)),
            "after": in_words(before.values.get(name)),
        }
        for name, one in fields().items()
        if values.get(name) != before.values.get(name)
    ]
    raise Stale(
        message % {"name": before.recorded_by.name},
        details={"differences": differences, "newest": before.pk},
    )


def faults_of(entry: Entry) -> dict[str, str]:
    """What is wrong with an entry, by field; no figure at all is a fault of the whole ("")."""
    faults = {
        name: _("This is more than “%(whole)s”, of which it is a part.") % {"whole": whole}
        for name, whole in larger_than_whole(entry.values).items()
    }
    if not FIRST_YEAR <= entry.year <= business_date().year:
        faults["year"] = _("Choose a year from %(first)s to this year.") % {"first": FIRST_YEAR}
    if all(value is None for value in entry.values.values()):
        faults[""] = _("Enter at least one figure.")
    return faults


def _reason_fault(before: VillageRecord | None, reason: str) -> dict[str, str]:
    if before and not reason.strip():
        return {"reason": _("Say why the record is corrected.")}
    if len(reason) > REASON_LENGTH:
        return {"reason": _("Write at most 200 characters.")}
    return {}
