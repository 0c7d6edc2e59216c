"""When a household comes under watch, and when its risk can be declared gone."""

from calendar import monthrange
from datetime import date

from workflow.machine import Fault, Situation, gettext_noop
from workflow.parameters import WATCH_MONTHS

UNDER_WATCH = "monitored"


def months_later(day: date, months: int) -> date:
    """The same day of the month, `months` on; the last day where the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def facts_show_risk(situation: Situation) -> list[Fault]:
    """A fault unless every fact is known and the income lies below the monitoring line.

    Source: register template, "The proposal".
    """
    finding = situation.facts["finding"]
    if finding["gaps"]:
        return [Fault(gettext_noop("The facts are not complete. Complete them, then decide."))]
    if not finding["at_risk"]:
        text = gettext_noop(
            "The income is not below the monitoring line. Reject or return the case."
        )
        return [Fault(text)]
    return []


def risk_is_gone_for_long(situation: Situation) -> list[Fault]:
    """A fault before the months that a household stays under watch at least.

    Under watch since 15 March 2022, with six months: from 15 September 2022. Source: domain
    reference §8.5.
    """
    since = situation.entered(UNDER_WATCH)
    if since is None:
        return []
    earliest = months_later(since, situation.parameters[WATCH_MONTHS])
    if situation.today >= earliest:
        return []
    text = gettext_noop("Under watch since %(since)s. The risk can be declared gone from %(day)s.")
    return [Fault(text, {"since": since, "day": earliest})]
