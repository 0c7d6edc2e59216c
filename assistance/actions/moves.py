"""Relocation: the new home, moving in, the end of the old house."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.items import begin, end, locked_live, refuse_stale, save, trace
from assistance.models import ItemStatus, Move
from assistance.queries.items import agreed_of, begun_of
from assistance.refusals import refuse
from assistance.rules.delivering import Extra, day_fault, extra_of, is_complete
from assistance.rules.moving import Limits, Moving, move_faults
from households.models import Member
from officers.models import Officer
from teams.refusals import refuse_invalid
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried
from workflow.parameters import HOUSE_MOST_DEBT, HOUSE_MOST_M2
from workflow.queries import parameters_in_force


@dataclass(frozen=True)
class Home:
    """A relocation as it is known so far; area in m², debt in yuan."""

    site: str
    area_m2: Decimal
    persons: int
    own_debt: Decimal = Decimal(0)
    moved_in_on: date | None = None
    old_house_gone_on: date | None = None


def limits_in(code: str, year: int) -> Limits:
    """The limits of a relocation that hold in a place in a year."""
    found = parameters_in_force([HOUSE_MOST_M2, HOUSE_MOST_DEBT], code, year)
    return Limits(int(found[HOUSE_MOST_M2].value), int(found[HOUSE_MOST_DEBT].value))


@retried
@transaction.atomic
def record_move(item_id: int, home: Home, *, by: Officer, version: int) -> Move:
    """Record the relocation of a measure, or what is new of it. `version` is 0 for the first time.

    With the whole amount delivered, moved in and the old house gone the measure is done. Raises
    NotAllowed, Stale; Refused for another kind of measure or one that is not live; EntryRefused for
    a house that is too large, too much debt, and days out of order.
    """
    item = locked_live(item_id, by=by)
    if extra_of(item.measure.terms) != Extra.MOVE:
        raise Refused(_("This measure is no relocation."), code="no_move")
    move = Move.objects.select_for_update().filter(item=item).first()
    refuse_stale(version, move.version if move else 0)
    today = business_date()
    members = Member.objects.active().filter(household=item.household_id).count()
    moving = Moving(
        home.area_m2, home.persons, home.own_debt, home.moved_in_on, home.old_house_gone_on
    )
    limits = limits_in(item.village_id, item.plan.year)
    faults = move_faults(moving, limits, members=members, today=today)
    if home.moved_in_on is not None and not faults:
        early = day_fault(agreed_of(item), home.moved_in_on, today, "moved_in_on")
        faults = [early] if early else []
    refuse(faults)
    before = _told(move) if move else None
    move = move or Move(item=item, version=0)
    move.site, move.area_m2, move.persons = home.site.strip(), home.area_m2, home.persons
    move.own_debt, move.moved_in_on = home.own_debt, home.moved_in_on
    move.old_house_gone_on = home.old_house_gone_on
    move.version += 1
    refuse_invalid(move)
    move.save()
    begin(item)
    begun = begun_of(item)
    days = [one for one in (begun.last_delivery, home.old_house_gone_on) if one is not None]
    if days and is_complete(agreed_of(item), begun, max(days)):
        end(item, ItemStatus.DONE, max(days), begun)
    save(item)
    trace(item, "record_move", by=by, before=before, after=_told(move) | {"status": item.status})
    return move


def _told(move: Move) -> dict[str, Any]:
    return {
        "area_m2": str(move.area_m2),
        "persons": move.persons,
        "own_debt": str(move.own_debt),
        "moved_in_on": str(move.moved_in_on or ""),
        "old_house_gone_on": str(move.old_house_gone_on or ""),
    }
