"""What people received for their service."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from teams.models import Cadre, Incentive
from teams.refusals import EntryRefused, refuse_invalid
from teams.rights import MANAGERS
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.transactions import retried


@retried
@transaction.atomic
def record_incentive(
    cadre: Cadre, *, kind: str, given_on: date, text: str, by: Officer
) -> Incentive:
    """Record a commendation, promotion or allowance of somebody whom the county keeps.

    Raises NotAllowed, also for oneself; EntryRefused for a day in the future.
    """
    require(by, *MANAGERS, code=cadre.division_id)
    if cadre.account_id == by.pk:
        raise NotAllowed(
            _("Nobody records an incentive of his own. Another officer must do this."),
            code="own_incentive",
        )
    if given_on > business_date():
        raise EntryRefused([("given_on", _("The day lies in the future."))])
    row = Incentive(cadre=cadre, kind=kind, given_on=given_on, text=text, recorded_by=by)
    refuse_invalid(row)
    row.save(force_insert=True)
    record(
        by=by,
        action="record_incentive",
        subject=cadre,
        division=cadre.division_id,
        after={"kind": kind, "given_on": given_on.isoformat(), "text": text},
    )
    return row
