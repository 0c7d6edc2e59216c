"""Worked examples of the roster: every person in them is made up."""

from typing import Any

VILLAGE = "970123100200"
CADRE = {"number": "970123-0007", "name": "林望舒"}
SERVING: dict[str, Any] = {
    "cadre": CADRE,
    "post": "first_secretary",
    "unit": {"name": "示例县财政局", "level": "county", "kind": "organ"},
    "starts_on": "2019-03-01",
    "due_on": "2021-03-01",
}
COVERED: dict[str, Any] = {
    "division": "970123100",
    "name": "城关镇",
    "villages": 12,
    "with_first_secretary": 12,
    "with_full_team": 9,
    "people": 34,
    "first_secretary_percent": "100.0",
    "full_team_percent": "75.0",
    "households": 640,
    "helped": 632,
    "helper_percent": "98.8",
    "helpers": 210,
    "helpers_by_rank": {
        "province_leader": 0,
        "city_leader": 2,
        "county_leader": 14,
        "official": 194,
    },
}
ROWS: dict[str, Any] = {
    "Team": {
        "village": VILLAGE,
        "name": "东沟村",
        "needed": True,
        "lacks": ["too_few"],
        "people": [SERVING],
    },
    "Term": {"village": VILLAGE} | SERVING | {"last_day": None, "end_reason": None},
    "PresenceTotals": {
        "cadre": CADRE,
        "village": VILLAGE,
        "post": "first_secretary",
        "served": 366,
        "in_village": 205,
        "on_duty": 11,
        "leave": 6,
        "absent": 0,
        "counted": 216,
        "wanted": 200,
        "wanted_so_far": 200,
    },
}
ANSWERS: dict[str, Any] = {
    "Coverage": {
        "division": "970123",
        "on": "2020-06-30",
        "total": COVERED | {"division": "970123", "name": "示例县"},
        "parts": [COVERED],
    }
}
