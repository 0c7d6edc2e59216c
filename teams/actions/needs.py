"""The list of the villages that must have a team: put on it, many at once, and taken off again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import ExclusionViolation

from divisions.models import Division, Level
from officers.models import Officer
from officers.rights import require
from teams.models import NeedReason, TeamVillage
from teams.refusals import EntryRefused
from teams.rights import MANAGERS
from trail.actions import change_of, record, record_many
from trail.errors import Refused
from trail.transactions import retried

NAMED_AT_MOST = 5


@dataclass(frozen=True)
class Need:
    """Why and since when villages must have a team; `source` is the paper that says so."""

    reason: NeedReason
    starts_on: date
    source: str = ""


@retried
@transaction.atomic
def list_villages(villages: Iterable[str], need: Need, *, by: Officer) -> list[TeamVillage]:
    """Put villages on the list, all or none, without a last day.

    Raises NotAllowed; EntryRefused for a code that is no village of the county in force on the
    first day, and for villages that stand on the list from that day on already.
    """
    require(by, *MANAGERS)
    codes = sorted(set(villages))
    _refuse_unknown(codes, need, by=by)
    list(Division.objects.select_for_update(no_key=True).filter(pk__in=codes).order_by("pk"))
    _refuse_listed(codes, need)
    rows = [
        TeamVillage(
            village_id=code, reason=need.reason, starts_on=need.starts_on, source=need.source
        )
        for code in codes
    ]
    try:
        with transaction.atomic():
            made = TeamVillage.everywhere.bulk_create(rows)
    except IntegrityError as error:
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        _refuse_listed(codes, need)
        raise
    record_many(
        change_of(
            by=by,
            action="list_village",
            subject=one,
            division=one.village_id,
            after={"reason": one.reason, "starts_on": one.starts_on.isoformat()},
            reason=one.source,
        )
        for one in made
    )
    return made


def _refuse_unknown(codes: list[str], need: Need, *, by: Officer) -> None:
    if not codes:
        raise EntryRefused([("villages", _("Choose villages, or write their codes."))])
    known = Division.objects.in_force(need.starts_on).filter(pk__in=codes, level=Level.VILLAGE)
    here = {code for code in known.values_list("pk", flat=True) if code.startswith(by.reach)}
    if odd := [code for code in codes if code not in here]:
        text = _("These are no villages of your county in force on that day: %(codes)s.")
        raise EntryRefused([("codes", text % {"codes": _some(odd)})])


def _refuse_listed(codes: list[str], need: Need) -> None:
    standing = TeamVillage.everywhere.meeting(need.starts_on, date.max).filter(village__in=codes)
    if names := [one.village.name for one in standing.select_related("village")]:
        text = _("These stand on the list in these days already: %(names)s. Leave them out.")
        raise EntryRefused([("villages", text % {"names": _some(sorted(names))})])


def _some(names: list[str]) -> str:
    """The first of many names; three dots for the rest."""
    return ", ".join(names[:NAMED_AT_MOST]) + (" …" if len(names) > NAMED_AT_MOST else "")


@retried
@transaction.atomic
def end_need(need: int, *, last_day: date, reason: str, by: Officer) -> TeamVillage:
    """Take a village off the list after a day; who serves there is not touched.

    Raises NotAllowed; Refused "over" when it was taken off already; EntryRefused by field.
    """
    row = TeamVillage.everywhere.select_for_update().get(pk=need)
    require(by, *MANAGERS, code=row.village_id)
    if row.last_day is not None:
        text = _("The village was taken off the list after %(day)s already.")
        raise Refused(text % {"day": row.last_day}, code="over")
    if last_day < row.starts_on:
        raise EntryRefused([("last_day", _("The last day lies before the first."))])
    row.last_day = last_day
    row.save(update_fields=["last_day"])
    record(
        by=by,
        action="unlist_village",
        subject=row,
        division=row.village_id,
        after={"last_day": last_day.isoformat()},
        reason=reason,
    )
    return row
