"""A worked example of an identification; the household in it is made up."""

from typing import Any

from households.api.examples import FACTS
from workflow.api.examples import row, way

IDENTIFICATION = row(398, "identification", "compared")
ROWS: dict[str, Any] = {"IdentificationRow": IDENTIFICATION}
ANSWERS: dict[str, Any] = {
    "Identification": IDENTIFICATION
    | {
        "facts": FACTS,
        "application": {
            "applied_on": "2020-05-20",
            "applicant": "head",
            "kin_of_official": False,
            "registration_number": None,
            "helper_due_on": None,
            "plan_due_on": None,
        },
        "answers": [{"department": "banks", "result": "no_hit", "on": "2020-05-30"}],
        "red_lines": [
            {
                "rule": "vehicle",
                "effect": "explain",
                "person": {"number": "970123000000010001", "name": "陈**"},
                "recorded_on": "2020-05-30",
                "accepted_on": None,
                "withdrawn_on": None,
            }
        ],
        "appeals": [],
    }
    | way(
        ("open", None, "proposed", "village_official", {}),
        ("apply", "proposed", "applied", "village_official", {}),
        ("visit", "applied", "visited", "team_member", {"visited_on": "2020-05-28"}),
        ("compare", "visited", "compared", "county_clerk", {}),
    )
}
