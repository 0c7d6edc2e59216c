"""Who may be sent to a village. Source: domain, selection and size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from teams.rules.terms import Post
from workflow.machine import gettext_noop

NOBODY, SECRETARY, EVERYBODY = "nobody", "first_secretary", "everybody"


@dataclass(frozen=True)
class Candidate:
    """What is known of somebody who is to be sent; None is unknown."""

    born: date | None
    party_member_since: date | None
    working_since: date | None
    is_healthy: bool | None
    has_unit: bool


@dataclass(frozen=True)
class Conditions:
    """The policy of a place: `party` says who must be a full member of the Party."""

    working_years: int
    oldest: int
    party: str


@dataclass(frozen=True)
class Check:
    """One condition: whether it is met (None: not known), in words with their values."""

    name: str
    is_met: bool | None
    text: str
    values: Mapping[str, Any]


def years_between(first: date, on: date) -> int:
    """Whole years from one day to another; one of 29 February is full on 1 March."""
    return on.year - first.year - ((on.month, on.day) < (first.month, first.day))


def checks_of(candidate: Candidate, post: str, *, on: date, conditions: Conditions) -> list[Check]:
    """All conditions for the post on the day of arrival, met or not."""
    checks = [
        Check("unit", candidate.has_unit, gettext_noop("belongs to a sponsoring unit"), {}),
        Check(
            "work",
            _at_least(candidate.working_since, on, conditions.working_years),
            gettext_noop("has worked for at least %(years)s years"),
            {"years": conditions.working_years},
        ),
        Check("health", candidate.is_healthy, gettext_noop("is in good health"), {}),
        Check(
            "age",
            _younger(candidate.born, on, conditions.oldest),
            gettext_noop("is younger than %(years)s years"),
            {"years": conditions.oldest},
        ),
    ]
    asked = conditions.party == EVERYBODY or (
        conditions.party == SECRETARY and post == Post.FIRST_SECRETARY
    )
    if asked:
        since = candidate.party_member_since
        met = since is not None and since <= on
        checks.append(Check("party", met, gettext_noop("is a full member of the Party"), {}))
    return checks


def _at_least(since: date | None, on: date, years: int) -> bool | None:
    return None if since is None else years_between(since, on) >= years


def _younger(born: date | None, on: date, years: int) -> bool | None:
    return None if born is None else years_between(born, on) < years
