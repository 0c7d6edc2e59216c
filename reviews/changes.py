"""Why a refresh changed what a review proposes for a household, from the two proposals.

No database, no clock: traits of the pair in, reasons out, the one that counts first.
"""

from enum import IntFlag, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Trait(IntFlag):
    """What a proposal that a refresh added is, seen from the one that it replaced.

    The values are fixed: the database counts changes by them. SURVEY_BACK: the survey named now was
    recorded before the one named then, so a correction was taken back. ATTENTION, ACCEPTED and
    ANSWERED speak of the replaced proposal. OTHER_KIND is no reason: the review proposes another.
    """

    NO_BEFORE = 1
    NO_AFTER = 2
    VILLAGE = 4
    STATE = 8
    SURVEY_CAME = 16
    SURVEY_GONE = 32
    SURVEY_OTHER = 64
    SURVEY_BACK = 128
    PERSONS = 256
    ATTENTION = 512
    ACCEPTED = 1024
    ANSWERED = 2048
    OTHER_KIND = 4096


class Reason(StrEnum):
    """Why a proposal of the first run is not in force any more, or another came to it."""

    CAME_IN = "came_in"
    LEFT = "left"
    UNDONE = "undone"
    MOVED = "moved"
    STATE = "state"
    LATE_SURVEY = "late_survey"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    MEMBERS = "members"
    TRIED_AGAIN = "tried_again"
    TAKEN_BACK = "taken_back"
    RENEWED = "renewed"


REASON_NAMES: dict[Reason, Promise] = {
    Reason.CAME_IN: _("came in since"),
    Reason.LEFT: _("left the review"),
    Reason.UNDONE: _("acceptance undone"),
    Reason.MOVED: _("village moved"),
    Reason.STATE: _("state changed"),
    Reason.LATE_SURVEY: _("late survey"),
    Reason.WITHDRAWN: _("survey withdrawn"),
    Reason.CORRECTED: _("survey corrected"),
    Reason.MEMBERS: _("members changed"),
    Reason.TRIED_AGAIN: _("tried again"),
    Reason.TAKEN_BACK: _("answer taken back"),
    Reason.RENEWED: _("renewed"),
}
SURVEYS = Trait.SURVEY_CAME | Trait.SURVEY_GONE | Trait.SURVEY_OTHER
FIRST = (
    (Trait.NO_BEFORE, Reason.CAME_IN),
    (Trait.NO_AFTER, Reason.LEFT),
    (Trait.ACCEPTED, Reason.UNDONE),
)
OF_FACTS = (
    (Trait.VILLAGE, Reason.MOVED),
    (Trait.STATE, Reason.STATE),
    (Trait.SURVEY_CAME, Reason.LATE_SURVEY),
    (Trait.SURVEY_GONE | Trait.SURVEY_BACK, Reason.WITHDRAWN),
    (Trait.SURVEY_OTHER, Reason.CORRECTED),
    (Trait.PERSONS, Reason.MEMBERS),
)
WITHOUT_NEW_FACTS = (
    (Trait.ATTENTION, Reason.TRIED_AGAIN),
    (Trait.ANSWERED, Reason.TAKEN_BACK),
)


def reasons_of(traits: int) -> list[Reason]:
    """Every reason of a change, the one under which it is counted first; never empty.

    New members are no reason of their own where another survey counts them.
    """
    for trait, reason in FIRST:
        if traits & trait:
            return [reason]
    found = [reason for trait, reason in OF_FACTS if traits & trait]
    if Reason.WITHDRAWN in found and Reason.CORRECTED in found:
        found.remove(Reason.CORRECTED)
    if Reason.MEMBERS in found and len(found) > 1 and traits & SURVEYS:
        found.remove(Reason.MEMBERS)
    if found:
        return found
    return [reason for trait, reason in WITHOUT_NEW_FACTS if traits & trait] or [Reason.RENEWED]


def proposes_otherwise(traits: int) -> bool:
    """Whether the review now proposes something else than before, or anything or nothing at all."""
    return bool(traits & (Trait.OTHER_KIND | Trait.NO_BEFORE | Trait.NO_AFTER))
