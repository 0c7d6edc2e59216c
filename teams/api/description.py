"""The JSON schemas of the resources of teams (OpenAPI 3.0)."""

from django.utils.translation import gettext as _

from teams.models import END_REASONS, POST_NAMES, Rank, UnitKind, UnitLevel
from teams.queries.roster import LACK_LABELS
from trail.shapes import DAY, NUMBER, TEXT, VILLAGE, Schema, many, nullable, page, whole, words

PERCENT: Schema = {"type": "string", "pattern": r"^[0-9]+\.[0-9]$", "nullable": True}


def schemas() -> dict[str, Schema]:
    """Every schema of these resources by name, in the active language."""
    unit = {"name": TEXT, "level": words(UnitLevel.choices), "kind": words(UnitKind.choices)}
    term = {
        "cadre": {"$ref": "#/components/schemas/Cadre"},
        "post": words(POST_NAMES.items()),
        "unit": nullable(whole(unit)),
        "starts_on": DAY,
        "due_on": DAY | {"description": _("the day that was planned as the last")},
    }
    named = {
        "Cadre": whole({"number": TEXT, "name": TEXT}),
        "ServingPerson": whole(term),
        "Term": whole(
            {"village": VILLAGE}
            | term
            | {
                "last_day": nullable(DAY),
                "end_reason": nullable(words(END_REASONS.items())),
            }
        ),
        "Team": whole(
            {
                "village": VILLAGE,
                "name": TEXT,
                "needed": {"type": "boolean", "description": _("the village must have a team")},
                "lacks": {"type": "array", "items": words(LACK_LABELS.items())},
                "people": many("ServingPerson"),
            }
        ),
        "PresenceTotals": whole(_totals()),
        "CoverageRow": whole(_coverage()),
        "Coverage": whole(
            {
                "division": TEXT,
                "on": DAY,
                "total": {"$ref": "#/components/schemas/CoverageRow"},
                "parts": many("CoverageRow"),
            }
        ),
    }
    return named | {f"{name}Page": page(name) for name in ("Team", "Term", "PresenceTotals")}


def _totals() -> Schema:
    return {
        "cadre": {"$ref": "#/components/schemas/Cadre"},
        "village": nullable(VILLAGE)
        | {"description": _("of the last term of the year; null outside the client's posting")},
        "post": words(POST_NAMES.items()),
        "served": NUMBER | {"description": _("days of the year on which a term runs")},
        "in_village": NUMBER,
        "on_duty": NUMBER | {"description": _("away on duty; these days count")},
        "leave": NUMBER,
        "absent": NUMBER | {"description": _("absent without leave")},
        "counted": NUMBER | {"description": _("in the village or on duty")},
        "wanted": NUMBER | {"description": _("what the time of service wants of the year")},
        "wanted_so_far": NUMBER,
    }


def _coverage() -> Schema:
    few = {"description": _("null where few households could be told apart")}
    return {
        "division": TEXT,
        "name": TEXT,
        "villages": NUMBER | {"description": _("villages that must have a team")},
        "with_first_secretary": NUMBER,
        "with_full_team": NUMBER,
        "people": NUMBER,
        "first_secretary_percent": PERCENT,
        "full_team_percent": PERCENT,
        "households": nullable(NUMBER) | few,
        "helped": nullable(NUMBER) | few,
        "helper_percent": PERCENT,
        "helpers": NUMBER,
        "helpers_by_rank": whole({str(rank): NUMBER for rank in Rank}),
    }
