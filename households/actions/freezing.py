"""Freezing a year: after this recorded act the surveys of a place change by corrections alone."""

from django.db import OperationalError, connection, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from divisions.models import Division
from households.evidence import rest_on_facts
from households.models import YearFreeze
from households.rights import FREEZERS
from officers.models import Officer
from officers.rights import require
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from workflow.errors import Incomplete

REASON_LENGTH = 200
PATIENCE = "SET LOCAL lock_timeout = '10s'"
HOLD_SURVEYS = "LOCK TABLE households_survey IN SHARE ROW EXCLUSIVE MODE"
LOCK_NOT_AVAILABLE = "55P03"


@transaction.atomic
def freeze_year(division: Division, *, year: int, reason: str, by: Officer) -> YearFreeze:
    """Let the surveys of `year` below `division` stand, for good.

    Waits for imports and withdrawals under way; those that come later meet the freeze. Raises
    NotAllowed; Incomplete without a reason; Refused for a year that has not begun, for a place
    whose year is frozen already, and when an import goes on for too long.
    """
    require(by, *FREEZERS, code=division.pk)
    if year > business_date().year:
        raise Refused(
            _("The year %(year)s has not begun. Freeze it when its facts are complete.")
            % {"year": year},
            code="year",
        )
    if not 0 < len(reason.strip()) <= REASON_LENGTH:
        said = _("Say why, in at most %(most)s characters.") % {"most": REASON_LENGTH}
        raise Incomplete(said, details={"fields": {"reason": said}})
    _hold_surveys()
    refuse_frozen(division, year)
    freeze = YearFreeze(division=division, year=year, frozen_by=by, reason=reason.strip())
    freeze.full_clean()
    freeze.save(force_insert=True)
    record(
        by=by,
        action="freeze_year",
        subject=freeze,
        division=division.pk,
        after={"year": year},
        reason=reason,
    )
    return freeze


def _hold_surveys() -> None:
    """Wait until nobody is writing surveys or taking them back; nobody begins until the commit.

    The lock order is that of everybody who rests on facts: first that lock, then the table.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            rest_on_facts()
            cursor.execute(HOLD_SURVEYS)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Refused(
            _("An import is being saved or withdrawn. Wait until it is done, then freeze."),
            code="import_under_way",
        ) from None


def refuse_frozen(division: Division, year: int) -> None:
    """Refused, with who froze it and when, where the year is frozen for the place or one above."""
    frozen = YearFreeze.objects.over(division.pk).filter(year=year)
    first = frozen.select_related("division", "frozen_by").order_by("division_id").first()
    if first is None:
        return
    text = _("The year %(year)s is frozen for %(place)s already, by %(name)s on %(day)s.")
    words = {
        "year": year,
        "place": first.division.name,
        "name": first.frozen_by.name,
        "day": localtime(first.frozen_at).date(),
    }
    raise Refused(text % words, code="already_frozen")
