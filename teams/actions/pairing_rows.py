"""The rows of pairings: begun, ended and moved, each with its line in the trace.

The caller holds the transaction and the locks of the households, and has asked for the right.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from psycopg2.errors import ExclusionViolation

from households.models import Household
from officers.models import Officer
from teams.models import Pairing
from trail.actions import change_of, record_many
from trail.errors import Refused
from trail.models import Change


def lock_households(keys: Iterable[int]) -> list[Household]:
    """The rows of households, locked in the order of keys."""
    rows = Household.everywhere.select_for_update(no_key=True).defer("search")
    return list(rows.filter(pk__in=set(keys)).order_by("pk"))


def begin(fresh: Sequence[Pairing], *, by: Officer, origin: str = "") -> list[Pairing]:
    """Save new pairings. Raises Refused, naming the helper, when somebody was faster."""
    try:
        with transaction.atomic():
            made = Pairing.everywhere.bulk_create(fresh)
    except IntegrityError as error:
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        raise Refused(_in_the_way(fresh), code="helped") from error
    record_many(
        _change("pair", one, by, origin, None, _days(one) | {"cadre": one.cadre.number})
        for one in made
    )
    return made


def _in_the_way(fresh: Sequence[Pairing]) -> str:
    found = Pairing.everywhere.filter(household__in=[one.household_id for one in fresh])
    other = found.select_related("cadre", "household").order_by("-starts_on").first()
    if other is None:
        return _("Somebody gave one of these households a helper in this moment. Look again.")
    text = _("Household %(household)s has been given to %(name)s from %(day)s in this moment.")
    return text % {
        "household": other.household.number,
        "name": other.cadre.name,
        "day": other.starts_on.isoformat(),
    }


def end(
    pairings: Iterable[Pairing], *, last_day: date, reason: str, by: Officer, origin: str = ""
) -> None:
    """Give pairings their last day, at the earliest their first one."""
    changes = []
    for one in pairings:
        before = _days(one)
        one.last_day, one.end_reason = max(last_day, one.starts_on), reason
        one.version += 1
        one.full_clean(exclude=["cadre", "household", "village"], validate_constraints=False)
        one.save(update_fields=["last_day", "end_reason", "version"])
        changes.append(_change("end_pairing", one, by, origin, before, _days(one)))
    record_many(changes)


def move(pairings: Iterable[Pairing], village: str, *, by: Officer, origin: str = "") -> None:
    """Let pairings that go on follow their household to another village."""
    rows, changes = list(pairings), []
    for one in rows:
        before, one.village_id = {"village": one.village_id}, village
        changes.append(_change("move_pairing", one, by, origin, before, {"village": village}))
    keys = [one.pk for one in rows]
    Pairing.everywhere.filter(pk__in=keys).update(village=village, version=F("version") + 1)
    record_many(changes)


def _days(pairing: Pairing) -> dict[str, Any]:
    last = pairing.last_day
    return {
        "starts_on": pairing.starts_on.isoformat(),
        "last_day": last.isoformat() if last else None,
        "end_reason": pairing.end_reason,
    }


def _change(
    action: str,
    pairing: Pairing,
    by: Officer,
    origin: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> Change:
    return change_of(
        by=by,
        action=action,
        subject=pairing,
        division=pairing.village_id,
        before=before,
        after=after,
        origin=origin,
    )
