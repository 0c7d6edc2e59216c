"""The policy of many counties at once: which value of a parameter each of them has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from divisions.models import DIGITS, Division, Level
from divisions.scope import NATION, in_range
from workflow.models import PolicyParameter
from workflow.parameters import (
    PAIRING_SUPPORT_YEARS,
    TEAM_ADDED_VILLAGES,
    TEAM_ENDING_DAYS,
    TEAM_FEWEST,
    TEAM_GAP_DAYS,
)
from workflow.queries import NoParameter, is_stricter, speakers_for

COUNTY_DIGITS = DIGITS[Level.COUNTY]
KEYS = (TEAM_FEWEST, TEAM_ADDED_VILLAGES, PAIRING_SUPPORT_YEARS, TEAM_ENDING_DAYS, TEAM_GAP_DAYS)
POLICY = """
    policy AS (
        SELECT * FROM unnest(%(counties)s::text[], %(fewest)s::int[], %(added)s::text[],
            %(support)s::int[], %(ending)s::int[], %(gap)s::int[])
        AS p (county, fewest, added, support, ending, gap)
    )
"""
"""A part of a statement: the policies of `as_columns` as rows."""


@dataclass(frozen=True)
class Policy:
    """What a county asks: people of a team, villages beside the list, years of support, days."""

    fewest: int
    added: str
    support_years: int
    ending_days: int
    gap_days: int


def policies_in(code: str, year: int) -> dict[str, Policy]:
    """The policy of every county at or below `code`, or of the county above it; two queries.

    Counties that no longer exist count: their terms and households may still stand.
    """
    counties = _counties(code)
    values = _values(code, year)
    return {county: Policy(*(_of(values[key], county, key) for key in KEYS)) for county in counties}


def _counties(code: str) -> list[str]:
    if code != NATION and len(code) >= COUNTY_DIGITS:
        return [code[:COUNTY_DIGITS]]
    found = Division.objects.within(code).filter(level=Level.COUNTY).order_by("code")
    return list(found.values_list("code", flat=True))


def _values(code: str, year: int) -> dict[str, dict[str, Any]]:
    """The value of each key by the division that speaks it, the latest year and version of it."""
    rows = PolicyParameter.objects.filter(key__in=KEYS, year__lte=year)
    above = rows.filter(division__in=speakers_for(code))
    below = rows.filter(in_range("division_id", code)) if code != NATION else rows
    values: dict[str, dict[str, Any]] = {key: {} for key in KEYS}
    for one in (above | below).order_by("year", "version"):
        values[one.key][one.division_id] = one.value
    return values


def _of(spoken: dict[str, Any], county: str, key: str) -> Any:
    """What the nearest says, unless a wider one asks for more and is not to be undercut."""
    said = [spoken[one] for one in reversed(speakers_for(county)) if one in spoken]
    if not said:
        raise NoParameter(f"{key} for {county}")
    held = said[0]
    for wider in said[1:]:
        held = wider if is_stricter(key, wider, held) else held
    return held


def as_columns(policies: Mapping[str, Policy]) -> dict[str, list[Any]]:
    """The policies as the parallel lists that POLICY reads."""
    every = list(policies.values())
    return {
        "counties": list(policies),
        "fewest": [one.fewest for one in every],
        "added": [one.added for one in every],
        "support": [one.support_years for one in every],
        "ending": [one.ending_days for one in every],
        "gap": [one.gap_days for one in every],
    }
