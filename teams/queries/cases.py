"""What a case about a cadre is about, in words: for the page of the case and the inbox.

Each kind brings its own account: `ACCOUNTS[kind]` is the dotted path of a function that takes the
officer and the case and returns an `Account`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from officers.models import Officer
from teams.models import Cadre
from workflow.models import Case

ACCOUNTS: dict[str, str] = {
    "dispatch": "teams.queries.candidates.account_of",
    "absence": "teams.queries.absences.account_of",
    "assessment": "teams.queries.assessment_account.account_of",
}
"""By kind of case, who tells what it is about."""

KINDS = frozenset(ACCOUNTS)


@dataclass(frozen=True)
class Point:
    """One condition in words: met, not met, or None while it is not known."""

    is_met: bool | None
    text: str

    @property
    def mark(self) -> str:
        """The tick, cross or question mark that the page shows."""
        return {True: "good", False: "bad-mark", None: "open"}[self.is_met]


@dataclass(frozen=True)
class Link:
    """A further page, as a button of the account."""

    label: str
    url: str


@dataclass(frozen=True)
class Account:
    """What a case is about: a title, rows of label and value, conditions, remarks, next pages.

    A value may be a date; the page writes it in words.
    """

    title: str
    rows: list[tuple[str, Any]]
    points: list[Point]
    remarks: list[str]
    links: list[Link]


def account_of(officer: Officer, case: Case) -> Account | None:
    """What the case is about; None for a case that is not about a cadre."""
    if case.kind not in ACCOUNTS:
        return None
    tell: Callable[[Officer, Case], Account] = import_string(ACCOUNTS[case.kind])
    return tell(officer, case)


def cadres_of(numbers: Iterable[str]) -> dict[str, Cadre]:
    """The cadres of these numbers; other subjects are passed over.

    A case within the posting tells whom it is about, wherever his record is kept.
    """
    found = Cadre.everywhere.filter(number__in=list(numbers)).select_related("unit")
    return {one.number: one for one in found}
