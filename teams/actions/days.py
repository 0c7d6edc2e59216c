"""One day of somebody's service: the one way in which its row is made, changed and given back."""

from datetime import date
from typing import Any

from django.utils import timezone

from officers.models import Officer
from teams.models import Cadre, Presence, Term
from teams.rules.presence import Source, Status
from trail.actions import record

KEPT = ("status", "source", "note", "recorded_by_id")


def locked(cadre_id: int) -> Cadre:
    """The cadre, locked: whatever writes days of somebody waits here for its turn."""
    return Cadre.everywhere.select_for_update().get(pk=cadre_id)


def term_on(cadre_id: int, day: date) -> Term | None:
    """The term that somebody serves on a day."""
    return Term.everywhere.in_force(day).filter(cadre_id=cadre_id).first()


def row_of(cadre_id: int, day: date) -> Presence | None:
    """What is on record for a day. The cadre must be locked when it is to be changed."""
    return Presence.everywhere.filter(cadre_id=cadre_id, day=day).first()


def image(row: Presence) -> dict[str, Any]:
    """What the trace keeps of a day."""
    return {name: getattr(row, name) for name in KEPT}


def put(
    row: Presence | None,
    term: Term,
    day: date,
    *,
    status: Status,
    source: Source,
    by: Officer,
    action: str,
    note: str = "",
    reason: str = "",
) -> Presence:
    """Write what the day was, over what stood there, into the row and into the trace.

    A position that he told at his sign-in stays with the row; only he reads it.
    """
    before = None if row is None else {"day": day.isoformat(), **image(row)}
    found = row or Presence(term=term, cadre_id=term.cadre_id, village_id=term.village_id, day=day)
    found.term, found.village_id = term, term.village_id
    found.status, found.source, found.note, found.recorded_by = status, source, note, by
    found.recorded_at = timezone.now()
    found.full_clean(exclude=["position_sealed"])
    found.save()
    record(
        by=by,
        action=action,
        subject=found,
        division=found.village_id,
        before=before,
        after={"day": day.isoformat(), **image(found)},
        reason=reason,
    )
    return found
