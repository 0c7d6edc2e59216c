"""What can be wrong with the facts of a year before they are reviewed. Values only, no Django.

A measure is looked for in SQL by the name that it has here (reviews.queries.measures).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from households.rules import EXPENSE, GUARANTEES, INCOMES
from workflow.machine import gettext_noop

JUMP_PERCENT = 50


@dataclass(frozen=True)
class Issue:
    """One doubt about a household's facts, and what clears it.

    One that must be fixed holds the cleaning up. The others may be as they are: they are to be
    looked at.
    """

    label: str
    remedy: str
    must_fix: bool = False


MISSING = "missing"
ANY_GAP = "gap"
ANY_ISSUE = "issue"
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
        must_fix=True,
    ),
    MEMBERS_DIFFER: Issue(
        gettext_noop("Members changed since the survey"),
        gettext_noop("The survey counts other persons than the household has now: survey again."),
        must_fix=True,
    ),
    INCOME_JUMP: Issue(
        gettext_noop("Income changed by half or more"),
        gettext_noop(
            "Net income per person is up or down by 50 percent or more against last year: check"
            " it at home and correct it if it is wrong."
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
        must_fix=True,
    ),
}

MUST_FIX = tuple(name for name, issue in ISSUES.items() if issue.must_fix)

TO_CLEAR = "to_clear"
DUE_COUNT = "due"
SURVEYED = "surveyed"
GAP_KINDS = {f"gap_{name}": name for name in (*INCOMES, EXPENSE, *GUARANTEES)}
"""The gaps by kind, in the order of the survey: gap_wage_income, … gap_water."""

NO_SURVEY = Issue(
    gettext_noop("No survey of the year"),
    gettext_noop("Visit the household, fill in the survey of the year and import it."),
)
GAP = Issue(
    gettext_noop("Something unknown"),
    gettext_noop(
        "Ask the household for what is missing and import the survey with it. Unknown is not zero."
    ),
)
DOUBT = Issue(
    gettext_noop("Doubtful facts"),
    gettext_noop("Open the household, compare it with last year, and correct what is wrong."),
)
WHOLES = {MISSING: NO_SURVEY, ANY_GAP: GAP, ANY_ISSUE: DOUBT}


def kinds_for(demanded: Collection[str]) -> tuple[str, ...]:
    """What a list of households can be asked for where the gaps `demanded` count."""
    return (MISSING, ANY_GAP, *demanded, ANY_ISSUE, *ISSUES)


def remedy_of(kind: str) -> str:
    """What clears one of the kinds."""
    return {**WHOLES, **ISSUES}.get(kind, GAP).remedy


def demanded_gaps(guarantees: Collection[str]) -> tuple[str, ...]:
    """The gaps that count where a standard demands `guarantees`: a figure of income always does."""
    counted = (*INCOMES, EXPENSE, *guarantees)
    return tuple(kind for kind, name in GAP_KINDS.items() if name in counted)


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
