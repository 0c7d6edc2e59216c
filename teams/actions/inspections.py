"""Absences without leave: recorded by an inspection, withdrawn by the county."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.actions.days import image, locked, put, row_of, term_on
from teams.models import Absence, Cadre, Presence
from teams.procedure import APPROVED
from teams.rights import INSPECTORS
from teams.rules.presence import Source, Status, status_of
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change
from trail.transactions import retried

LOOKED_BACK_DAYS = 30
INSPECT, WITHDRAW = "inspect", "withdraw_inspection"


@retried
@transaction.atomic
def record_absence(cadre: Cadre, day: date, *, by: Officer, found: str) -> Presence:
    """Record that somebody was away without leave, with what was found; a sign-in gives way.

    Raises NotAllowed, also for oneself; Refused for a day that was approved, is recorded so
    already, lies ahead or too far back, or on which he serves nowhere.
    """
    today = business_date()
    inspected = locked(cadre.pk)
    term, row = term_on(cadre.pk, day), row_of(cadre.pk, day)
    if term is None:
        raise Refused(
            _("%(name)s does not serve in a village on this day.") % {"name": inspected.name},
            code="no_term",
        )
    require(by, *INSPECTORS, code=term.village_id)
    if inspected.account_id == by.pk:
        raise NotAllowed(_("Nobody inspects himself."), code="own_days")
    if day > today:
        raise Refused(_("This day has not come yet."), code="not_now")
    if day < today - timedelta(days=LOOKED_BACK_DAYS):
        raise Refused(
            _("An inspection is recorded within %(days)s days.") % {"days": LOOKED_BACK_DAYS},
            code="not_now",
        )
    if approved := approved_on(cadre.pk, day):
        raise Refused(
            _(
                "This day was approved: %(kind)s, from %(first)s to %(last)s, case %(case)s."
                " It is no absence without leave."
            )
            % {
                "kind": approved.get_kind_display(),
                "first": approved.first_day,
                "last": approved.last_day,
                "case": approved.case_id,
            },
            code="approved",
        )
    if row and row.source == Source.INSPECTION:
        raise Refused(_("An inspection recorded this day already."), code="inspected")
    return put(
        row,
        term,
        day,
        status=Status.ABSENT,
        source=Source.INSPECTION,
        by=by,
        action=INSPECT,
        note=found,
        reason=found,
    )


def approved_on(cadre_id: int, day: date) -> Absence | None:
    """The approved absence that a day of somebody belongs to."""
    return Absence.objects.filter(
        case__state=APPROVED, term__cadre_id=cadre_id, first_day__lte=day, last_day__gte=day
    ).first()


@retried
@transaction.atomic
def withdraw_absence(cadre: Cadre, day: date, *, by: Officer, reason: str) -> Presence | None:
    """Take the record of an inspection back; the day is again what stood there before.

    Raises NotAllowed for whoever recorded it, for oneself and for all but county approvers; Refused
    when there is no such record (any more).
    """
    kept = locked(cadre.pk)
    row = row_of(cadre.pk, day)
    if row is None or row.source != Source.INSPECTION:
        raise Refused(_("No inspection recorded this day, or it was withdrawn."), code="gone")
    require(by, Role.COUNTY_APPROVER, code=row.village_id)
    if by.pk in (row.recorded_by_id, kept.account_id):
        raise NotAllowed(
            _("Another county approver than who recorded it, or whom it is about, withdraws it."),
            code="same_hand",
        )
    stood = _stood_before(row)
    if approved := approved_on(cadre.pk, day):
        stood = image(row) | {
            "status": status_of(approved.kind),
            "source": Source.ABSENCE,
            "note": "",
        }
    shown = {"day": day.isoformat()}
    if stood is None:
        record(
            by=by,
            action=WITHDRAW,
            subject=row,
            division=row.village_id,
            before=shown | image(row),
            after=shown,
            reason=reason,
        )
        row.delete()
        return None
    before = shown | image(row)
    for name, value in stood.items():
        if name != "day":
            setattr(row, name, value)
    row.full_clean(exclude=["position_sealed"])
    row.save()
    record(
        by=by,
        action=WITHDRAW,
        subject=row,
        division=row.village_id,
        before=before,
        after=shown | image(row),
        reason=reason,
    )
    return row


def _stood_before(row: Presence) -> dict[str, Any] | None:
    """What the inspection wrote over, as the trace has it; None where the day was blank."""
    of_day = Change.objects.filter(subject_kind=row._meta.label_lower, subject_id=str(row.pk))
    change = of_day.filter(action=INSPECT).order_by("-id").first()
    return change.before if change else None
