"""What can be wrong with the facts of a year before they are reviewed. Values only, no Django.

A measure is looked for in SQL by the name that it has here (reviews.queries.measures).
"""

from dataclasses import dataclass
from itertools import chain

from households.rules import EXPENSE, GUARANTEES, INCOMES
from workflow.machine import gettext_noop

JUMP_PERCENT = 50


@dataclass(frozen=True)
class Issue:
    """One doubt about a household's facts, and what clears it."""

    label: str
    remedy: str


NO_HEAD = "no_head"
MEMBERS_DIFFER = "members_differ"
INCOME_JUMP = "income_jump"
NO_ID = "no_id"
COPIED = "copied"
SENT_BACK = "sent_back"

ISSUES = {
    NO_HEAD: Issue(
        gettext_noop("No head"),
        gettext_noop("Name the member that the others are related to."),
    ),
    MEMBERS_DIFFER: Issue(
        gettext_noop("Members changed since the survey"),
        gettext_noop("The survey counts other persons than the household has now: survey again."),
    ),
    INCOME_JUMP: Issue(
        gettext_noop("Income changed by half or more"),
        gettext_noop(
            "Net income per person is up or down by 50 % or more against last year: check it at"
            " home and correct it if it is wrong."
        ),
    ),
    NO_ID: Issue(
        gettext_noop("No ID number after the first year"),
        gettext_noop("A member older than one year has no ID number: enter it."),
    ),
    COPIED: Issue(
        gettext_noop("All figures as last year"),
        gettext_noop("Every income figure equals last year's: was the household asked at all?"),
    ),
    SENT_BACK: Issue(
        gettext_noop("Sent back for data"),
        gettext_noop("The county sent the proposal back: complete or correct the facts."),
    ),
}

MISSING = "missing"
ANY_GAP = "gap"
GAP_PREFIX = "gap_"
GAP_KINDS = {f"{GAP_PREFIX}{name}": name for name in (*INCOMES, EXPENSE, *GUARANTEES)}
"""The gaps by kind, in the order of the survey: gap_wage_income, … gap_water."""

KINDS = tuple(chain((MISSING, ANY_GAP), GAP_KINDS, ISSUES))
"""Everything that a list of households can be asked for."""
