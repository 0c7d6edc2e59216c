"""What a worker wrote down when it failed, in plain words: what happened and what to do.

A fault is stored as "Kind: first line of its text". Pure: text in, words out.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """What happened, and what whoever reads it can do."""

    happened: Promise
    remedy: Promise


LOOK_AT_THE_SURVEY = _("Look at the survey of the household, correct it, then have it tried again.")
TELL_THE_OPERATOR = _("If it happens again, let the operator look at the workers' log.")
KILLED = Words(
    _("The worker ended before it was done, as when memory runs out."), TELL_THE_OPERATOR
)
SLOW = Words(_("It took far longer than one household needs."), TELL_THE_OPERATOR)
LOST = Words(
    _("The database went away meanwhile."),
    _("It is tried again by itself. If it happens again, let the operator look at the database."),
)
NOT_A_NUMBER = Words(
    _("A figure of the survey is no number that can be calculated with."), LOOK_AT_THE_SURVEY
)
REFUSED = Words(_("The database refused the result of these facts."), LOOK_AT_THE_SURVEY)
UNKNOWN = Words(_("The facts could not be judged."), LOOK_AT_THE_SURVEY)
BY_TEXT = {
    "statement timeout": SLOW,
    "lock timeout": SLOW,
    "connection": LOST,
    "terminating": LOST,
    "not in range": NOT_A_NUMBER,
    "out of range": NOT_A_NUMBER,
    "NaN": NOT_A_NUMBER,
}
BY_KIND = {
    "WorkerLost": KILLED,
    "TimeoutError": SLOW,
    "InterfaceError": LOST,
    "OperationalError": LOST,
    "DataError": NOT_A_NUMBER,
    "ValueError": NOT_A_NUMBER,
    "ArithmeticError": NOT_A_NUMBER,
    "OverflowError": NOT_A_NUMBER,
    "IntegrityError": REFUSED,
    "InternalError": REFUSED,
}


def in_words(stored: str | None) -> Words:
    """The words for a stored fault; UNKNOWN where its kind is none of those above."""
    kind, _separator, text = (stored or "").partition(":")
    for part, words in BY_TEXT.items():
        if part in text:
            return words
    return BY_KIND.get(kind, UNKNOWN)
