"""Looking after a household that exited: begun with its exit, ended by another case."""

from django.db import transaction

from exits.models import Tracking
from exits.rules.tracking import tracked_until
from households.models import Household
from officers.models import Officer
from teams.queries.pairings import support_years
from trail.actions import record
from trail.dates import business_date
from workflow.models import Case


@transaction.atomic
def begin_tracking(household: Household, *, case: Case, by: Officer) -> Tracking:
    """Look after a locked household until the end of its support, from its exit by `case` on."""
    end_tracking(household, case=case, by=by)
    today = business_date()
    years = support_years(household.village_id, today.year)
    tracking = Tracking.everywhere.create(
        case=case,
        household=household,
        village_id=household.village_id,
        starts_on=today,
        until=tracked_until(case.facts["year"], today, years),
    )
    after = {"until": tracking.until.isoformat()}
    _note(tracking, "begin_tracking", by, case, after)
    return tracking


@transaction.atomic
def share_tracking(household: Household, fresh: Household, *, case: Case, by: Officer) -> None:
    """Look after who split off by `case` as long as after the household that it came from."""
    today = business_date()
    for tracking in _running(household):
        if tracking.until < today:
            continue
        shared = Tracking.everywhere.create(
            case=tracking.case,
            household=fresh,
            village_id=fresh.village_id,
            starts_on=today,
            until=tracking.until,
        )
        after = {"until": shared.until.isoformat(), "split_from": household.number}
        _note(shared, "begin_tracking", by, case, after)


@transaction.atomic
def end_tracking(household: Household, *, case: Case, by: Officer) -> None:
    """End what runs of it, because of `case`; nothing where none runs."""
    for tracking in _running(household):
        tracking.ended_on, tracking.ended_by = business_date(), case
        tracking.save(update_fields=["ended_on", "ended_by"])
        _note(tracking, "end_tracking", by, case, {"ended_on": tracking.ended_on.isoformat()})


@transaction.atomic
def resume_tracking(household: Household, *, case: Case, by: Officer) -> None:
    """Go on with what `case` ended, because its decision was taken back."""
    for tracking in Tracking.everywhere.select_for_update().filter(
        household=household, ended_by=case
    ):
        tracking.ended_on = tracking.ended_by = None
        tracking.save(update_fields=["ended_on", "ended_by"])
        _note(tracking, "resume_tracking", by, case, {"until": tracking.until.isoformat()})


@transaction.atomic
def move_tracking(household: Household, *, case: Case, by: Officer) -> None:
    """Let what runs of it follow the household to its new village."""
    for tracking in _running(household):
        tracking.village_id = household.village_id
        tracking.save(update_fields=["village"])
        _note(tracking, "move_tracking", by, case, {"village": household.village_id})


def _running(household: Household) -> list[Tracking]:
    found = Tracking.everywhere.select_for_update().filter(household=household, ended_on=None)
    return list(found)


def _note(tracking: Tracking, action: str, by: Officer, case: Case, after: dict[str, str]) -> None:
    record(
        by=by,
        action=action,
        subject=tracking,
        division=tracking.village_id,
        after=after,
        origin=f"case:{case.pk}",
    )
