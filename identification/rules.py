"""What must be shown before a household comes onto the register. No Django here.

`Situation.records` holds what this app keeps about the case: `answers` (of departments), `unclear`
(red lines whose explanation nobody accepted), `barred` (red lines that reject), `open_appeals`,
the number of `upheld` appeals, the days of `dismissed` ones, `is_kin`, and of the year of the
township or county how many cases are `done`, and how many of them were `checked` on site.
"""

from datetime import timedelta

from identification.entries import CHECKED, FILING
from workflow.machine import Fault, Situation, Step, Way, gettext_noop
from workflow.parameters import APPEAL_DAYS, COUNTY_CHECK_SHARE, TOWNSHIP_CHECK_SHARE
from workflow.rules import checks_due

PAST_RED_LINES = frozenset({"post", "review", "recheck", "approve", "announce", "register"})


def facts_show_poverty(situation: Situation) -> list[Fault]:
    """A fault unless every fact is known and at least one thing is lacking.

    Source: register template, "The proposal": gaps are completed first, lacks identify.
    """
    finding = situation.facts["finding"]
    if finding["gaps"]:
        return [Fault(gettext_noop("The facts are not complete. Complete them, then decide."))]
    if not finding["lacks"]:
        return [Fault(gettext_noop("The facts show nothing lacking. Reject or return the case."))]
    return []


def stands_against(step: Step, situation: Situation) -> list[Fault]:
    """What holds a case whatever is entered: an open appeal, red lines, a comparison not begun."""
    if step.way == Way.WITHDRAW:
        return []
    kept = situation.records.values
    if kept.get("open_appeals"):
        return [Fault(gettext_noop("An appeal is open. It must be resolved first."))]
    if step.name in PAST_RED_LINES:
        return red_line_faults(situation)
    if step.name == "compare" and not kept.get("answers"):
        return [Fault(gettext_noop("Record the answer of at least one department first."))]
    if step.name == "refuse_red_line" and not (kept.get("unclear") or kept.get("barred")):
        return [Fault(gettext_noop("No red line stands against the household."))]
    if step.name == "reopen":
        return [] if reopens(situation) else [Fault(gettext_noop("No appeal has been upheld."))]
    if step.name == "confirm" and not appeal_failed(situation):
        return [Fault(gettext_noop("No appeal has been dismissed."))]
    return appeal_days_faults(situation) if step.name == "close" else []


def red_line_faults(situation: Situation) -> list[Fault]:
    """Faults while a red line stands that rejects, or whose explanation nobody has accepted."""
    kept = situation.records.values
    if kept.get("barred"):
        text = gettext_noop("A red line rejects this case. Reject it, or withdraw the hit.")
        return [Fault(text)]
    if kept.get("unclear"):
        text = gettext_noop(
            "A red line is not explained, or nobody has accepted its explanation yet."
        )
        return [Fault(text)]
    return []


def reopens(situation: Situation) -> bool:
    """Whether an appeal has been upheld that has not opened the case again yet."""
    used = sum(hand.step == "reopen" for hand in situation.hands)
    return situation.records.values.get("upheld", 0) > used


def appeal_failed(situation: Situation) -> bool:
    """Whether an appeal has been dismissed since the case was rejected."""
    refused_on = situation.arrived()
    days = situation.records.values.get("dismissed", ())
    return refused_on is not None and any(day >= refused_on for day in days)


def appeal_days_faults(situation: Situation) -> list[Fault]:
    """A fault until the days for an appeal are over."""
    refused_on = situation.arrived()
    if refused_on is None:
        return []
    last = refused_on + timedelta(days=situation.parameters[APPEAL_DAYS])
    if situation.today > last:
        return []
    text = gettext_noop("The rejection can be appealed until %(day)s. It is final after that.")
    return [Fault(text, {"day": last})]


def read_out(situation: Situation) -> list[Fault]:
    """A fault when the meeting voted without knowing what the departments answered."""
    if situation.evidence["read_out"] == "yes":
        return []
    text = gettext_noop("Read the result of the comparison out, then let the meeting vote.")
    return [Fault(text, field="read_out")]


def township_checked(situation: Situation) -> list[Fault]:
    """Faults unless the check on site is on record, or the township's share needs none here."""
    return site_check_faults(situation, TOWNSHIP_CHECK_SHARE)


def rechecked(situation: Situation) -> list[Fault]:
    """Faults unless the county's check is on record; kin of an official needs a filing note."""
    faults = site_check_faults(situation, COUNTY_CHECK_SHARE)
    if situation.records.values.get("is_kin") and not situation.evidence.get(FILING):
        text = gettext_noop("The household is kin of an official. Enter the filing note.")
        faults.append(Fault(text, field=FILING))
    return faults


def site_check_faults(situation: Situation, share: str) -> list[Fault]:
    """Faults when a check lacks its day or people, or may not be left out.

    The share of checked cases is kept at every moment of the year, from its first case on.
    """
    said, kept = situation.evidence, situation.records.values
    if said[CHECKED] == "yes":
        return [
            Fault(gettext_noop("Enter this for a check on site."), field=name)
            for name in ("checked_on", "checked_by")
            if not said.get(name)
        ]
    part, whole = situation.parameters[share]
    due = checks_due(
        done=kept.get("done", 0), checked=kept.get("checked", 0), waiting=1, share=(part, whole)
    )
    if not due:
        return []
    text = gettext_noop(
        "This one must be checked on site: %(part)s of %(whole)s cases of the year at least are."
    )
    return [Fault(text, {"part": part, "whole": whole}, CHECKED)]
