"""Rows of the roster as JSON values. No ID number, phone or single day of anybody is among them."""

from decimal import Decimal
from typing import Any

from divisions.scope import reaches
from officers.models import Officer
from teams.models import Cadre, Rank, Term, Unit
from teams.queries.coverage import Coverage
from teams.queries.coverage import Row as Covered
from teams.queries.presence import Totals
from teams.queries.roster import Row


def team_json(row: Row) -> dict[str, Any]:
    """A village with everybody who serves there on the day, and what it is short of."""
    return {
        "village": row.village.pk,
        "name": row.village.name,
        "needed": row.is_needed,
        "lacks": [str(one) for one in row.lacks],
        "people": [_serving(term) for term in row.terms],
    }


def _serving(term: Term) -> dict[str, Any]:
    return {
        "cadre": _cadre(term.cadre),
        "post": str(term.post),
        "unit": _unit(term.unit),
        "starts_on": term.starts_on.isoformat(),
        "due_on": term.due_on.isoformat(),
    }


def term_json(term: Term) -> dict[str, Any]:
    """A term, running or ended."""
    return (
        {"village": term.village_id}
        | _serving(term)
        | {
            "last_day": term.last_day.isoformat() if term.last_day else None,
            "end_reason": str(term.end_reason) or None,
        }
    )


def totals_json(cadre: Cadre, totals: Totals, officer: Officer) -> dict[str, Any]:
    """What somebody's days of a year add up to; a village outside the posting is not named."""
    return {
        "cadre": _cadre(cadre),
        "village": totals.village if reaches(officer, totals.village) else None,
        "post": totals.post,
        "served": totals.served,
        "in_village": totals.in_village,
        "on_duty": totals.official,
        "leave": totals.leave,
        "absent": totals.absent,
        "counted": totals.counted,
        "wanted": totals.wanted,
        "wanted_so_far": totals.due,
    }


def coverage_json(found: Coverage) -> dict[str, Any]:
    """The coverage of a place and of those right below it."""
    return {
        "division": found.division.pk,
        "on": found.on.isoformat(),
        "total": _covered(found.total),
        "parts": [_covered(part) for part in found.parts],
    }


def _covered(row: Covered) -> dict[str, Any]:
    """Numbers of few households are null where they would tell of a single one."""
    teams, helpers = row.teams, row.helpers
    return {
        "division": row.division.pk,
        "name": row.division.name,
        "villages": teams.required,
        "with_first_secretary": teams.led,
        "with_full_team": teams.full,
        "people": teams.people,
        "first_secretary_percent": _percent(teams.led_percent),
        "full_team_percent": _percent(teams.full_percent),
        "households": None if row.is_hidden else helpers.households,
        "helped": None if row.is_hidden else helpers.helped,
        "helper_percent": _percent(row.helped_percent),
        "helpers": helpers.helpers,
        "helpers_by_rank": {
            str(rank): number for rank, number in zip(Rank, helpers.by_rank, strict=True)
        },
    }


def _cadre(cadre: Cadre) -> dict[str, str]:
    return {"number": cadre.number, "name": cadre.name}


def _unit(unit: Unit | None) -> dict[str, str] | None:
    return {"name": unit.name, "level": str(unit.level), "kind": str(unit.kind)} if unit else None


def _percent(share: Decimal | None) -> str | None:
    return None if share is None else f"{share:.1f}"
