"""Days in the village: a member signs in for today, the village keeps the other days."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.actions.days import locked, put, row_of, term_on
from teams.models import Cadre, Presence
from teams.models.presence import POSITION_FIELD, SOURCE_NAMES
from teams.queries.standing import standing_of
from teams.rights import DAY_KEEPERS
from teams.rules.presence import Source, Status, coarse, earliest_to_keep
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.sealing import seal
from trail.transactions import retried

Position = tuple[Decimal, Decimal]
KEPT_STATUSES = (Status.IN_VILLAGE, Status.OFFICIAL, Status.LEAVE)


@retried
@transaction.atomic
def sign_in(*, by: Officer, position: Position | None = None) -> Presence:
    """Record that the officer is in his village today; a second time changes nothing.

    It takes the place of an absence that was approved for today, and of what the village recorded.
    Raises NotAllowed; Refused without a term of his own here today, or after an inspection.
    """
    require(by, Role.TEAM_MEMBER)
    today = business_date()
    standing = standing_of(by, today)
    if standing.term is None:
        raise Refused(standing.reason, code="no_term")
    cadre = locked(standing.term.cadre_id)
    row, term = row_of(cadre.pk, today), term_on(cadre.pk, today)
    if term != standing.term:
        raise Stale(_("Your term changed in this moment. Open the page again."))
    if row and row.source == Source.SELF:
        return row
    if row and row.source == Source.INSPECTION:
        raise Refused(
            _(
                "An inspection recorded today that you were absent without leave. Speak to the"
                " county: another county approver can withdraw the record."
            ),
            code="inspected",
        )
    found = put(
        row,
        term,
        today,
        status=Status.IN_VILLAGE,
        source=Source.SELF,
        by=by,
        action="sign_in",
    )
    if position:
        text = coarse(*position)
        found.position_sealed = seal(text, field=POSITION_FIELD, row=found.uuid)
        found.save(update_fields=["position_sealed"])
    return found


@retried
@transaction.atomic
def keep_day(
    cadre: Cadre, day: date, status: Status, *, by: Officer, note: str, seen: str
) -> Presence:
    """Record what a day of somebody's service was where he did not sign in himself.

    `seen` is the mark of the row that the officer saw, "" for none. Raises NotAllowed, also for
    his own days; Stale; Refused for a day that somebody else answers for or that is out of reach.
    """
    today = business_date()
    kept = locked(cadre.pk)
    term, row = term_on(cadre.pk, day), row_of(cadre.pk, day)
    if term is None:
        raise Refused(
            _("%(name)s does not serve in a village on this day.") % {"name": kept.name},
            code="no_term",
        )
    require(by, *DAY_KEEPERS, code=term.village_id)
    if kept.account_id == by.pk:
        raise NotAllowed(
            _("Nobody keeps his own attendance. Sign in, or ask another village official."),
            code="own_days",
        )
    if reason := why_not_kept(row, day, today):
        raise Refused(reason, code="not_now")
    if seen != seen_mark(row):
        raise Stale(_("Somebody recorded this day while you were looking. Compare, then decide."))
    if status not in KEPT_STATUSES:
        raise Refused(_("A village records no absence without leave. An inspection does."))
    if row and row.source == Source.ABSENCE and status != Status.IN_VILLAGE:
        raise Refused(
            _("An absence was approved for this day. A village records only that he came back."),
            code="approved",
        )
    return put(
        row,
        term,
        day,
        status=status,
        source=Source.VILLAGE,
        by=by,
        action="keep_day",
        note=note,
        reason=note,
    )


def seen_mark(row: Presence | None) -> str:
    """What tells two states of a day apart; "" for a day without a row."""
    return row.recorded_at.isoformat() if row else ""


def why_not_kept(row: Presence | None, day: date, today: date) -> str:
    """Why a village cannot record the day (again); "" when it can."""
    if day > today:
        return _("This day has not come yet.")
    if day < earliest_to_keep(today):
        return _("A village records this month and the last one. Older days stay as they are.")
    if row and row.source == Source.SELF:
        return _("He signed in himself on this day. Only an inspection can say otherwise.")
    if row and row.source == Source.INSPECTION:
        return _("%(source)s: only the county withdraws it.") % {
            "source": SOURCE_NAMES[Source.INSPECTION]
        }
    return ""
