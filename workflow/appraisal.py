"""What procedures ask of a visit and of a villagers' appraisal. Values in, faults out; no Django.

Source: domain reference, identification steps 3 and 5: two visitors at least, two thirds of the
representatives present. Both numbers are policy parameters.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from workflow.machine import Evidence, Fault, Kind, Situation, gettext_noop
from workflow.parameters import QUORUM, VISITORS

VISIT = (
    Evidence("visited_on", gettext_noop("Day of the visit"), Kind.DATE),
    Evidence(
        "visitors",
        gettext_noop("Visitors"),
        hint=gettext_noop("Names of those who went, with a comma between them."),
    ),
)
MEETING = (
    Evidence("meeting_on", gettext_noop("Day of the meeting"), Kind.DATE),
    Evidence(
        "representatives",
        gettext_noop("Villagers' representatives entitled to attend"),
        Kind.NUMBER,
    ),
    Evidence("present", gettext_noop("Representatives present"), Kind.NUMBER),
    Evidence("votes_for", gettext_noop("Votes for"), Kind.NUMBER),
    Evidence("votes_against", gettext_noop("Votes against"), Kind.NUMBER),
    Evidence("abstentions", gettext_noop("Abstentions"), Kind.NUMBER),
)
PLACE = (
    Evidence(
        "place",
        gettext_noop("Place of posting"),
        hint=gettext_noop("Where people read it, for example the board at the village office."),
        public=True,
    ),
)


def following(entries: Iterable[Evidence], **days: str) -> tuple[Evidence, ...]:
    """The entries, each named day no earlier than a state or another day: meeting_on="planned"."""
    return tuple(replace(one, not_before=days.get(one.name, one.not_before)) for one in entries)


def names_in(listed: str) -> set[str]:
    """The names of a list, as they are compared: without spaces, in one width and case."""
    listed = unicodedata.normalize("NFKC", listed)
    for mark in ("、", ";", "\n"):
        listed = listed.replace(mark, ",")
    return {"".join(name.split()).casefold() for name in listed.split(",")} - {""}


def enough_visitors(situation: Situation) -> list[Fault]:
    """A fault when fewer people visited than the parameter asks for."""
    least = situation.parameters[VISITORS]
    if len(names_in(situation.evidence.get("visitors", ""))) >= least:
        return []
    text = gettext_noop("Name at least %(least)s visitors, with a comma between them.")
    return [Fault(text, {"least": least}, "visitors")]


def appraised(situation: Situation) -> list[Fault]:
    """Faults unless the quorum was met, the votes add up, and more than half are for it."""
    faults = meeting_faults(situation)
    if not faults and not carried(situation):
        text = gettext_noop("The meeting did not vote for it. Record that with the other step.")
        return [Fault(text, field="votes_for")]
    return faults


def voted_down(situation: Situation) -> list[Fault]:
    """Faults unless the quorum was met, the votes add up, and not more than half are for it."""
    faults = meeting_faults(situation)
    if not faults and carried(situation):
        text = gettext_noop("The meeting voted for it. Record that with the other step.")
        return [Fault(text, field="votes_for")]
    return faults


def carried(situation: Situation) -> bool:
    """Whether more than half of those present voted for it."""
    return 2 * situation.evidence["votes_for"] > situation.evidence["present"]


def meeting_faults(situation: Situation) -> list[Fault]:
    """Faults when too few were present, or the votes do not add up to those present."""
    said = situation.evidence
    present, entitled = said["present"], said["representatives"]
    part, whole = situation.parameters[QUORUM]
    if present > entitled:
        text = gettext_noop("More are present than are entitled to attend.")
        return [Fault(text, field="present")]
    if present == 0 or present * whole < entitled * part:
        text = gettext_noop(
            "At least %(part)s of %(whole)s representatives must be present. Meet again."
        )
        return [Fault(text, {"part": part, "whole": whole}, "present")]
    if said["votes_for"] + said["votes_against"] + said["abstentions"] != present:
        text = gettext_noop("The votes and abstentions do not add up to those present.")
        return [Fault(text, field="abstentions")]
    return []
