"""Worked examples of exits; households and places in them are made up."""

from typing import Any

from households.api.examples import FACTS
from workflow.api.examples import APPRAISAL, row, way

PLACE: dict[str, Any] = {"division": "970123100200"}
EXIT = row(405, "exit", "appraised")
VILLAGE = row(420, "village_exit", "noticed", **PLACE)
COUNTY = row(431, "county_exit", "noticed", division="970123")
INCIDENCE: dict[str, Any] = {
    "year": 2019,
    "poor_persons": 18,
    "rural_population": 1000,
    "incidence_limit_percent": "2.00",
    "below_limit": True,
}
LISTED = {"listed_on": "2014-06-01", "exited_on": None, "exit_year": None}
ROWS: dict[str, Any] = {"ExitRow": EXIT, "VillageExitRow": VILLAGE, "CountyExitRow": COUNTY}
ANSWERS: dict[str, Any] = {
    "Exit": EXIT
    | {"facts": FACTS, "tracking": None, "exit": None}
    | way(
        ("open", None, "proposed", "county_clerk", {}),
        ("plan", "proposed", "planned", "county_approver", {}),
        ("appraise", "planned", "appraised", "village_official", APPRAISAL),
    ),
    "VillageExit": VILLAGE
    | LISTED
    | {
        "facts": INCIDENCE
        | {
            "indicators": [
                {
                    "code": "CLINIC",
                    "name": "a clinic",
                    "figure": "1",
                    "vetoes": True,
                    "met": True,
                }
            ]
        }
    }
    | way(
        ("open", None, "proposed", "township_reviewer", {}),
        ("verify", "proposed", "verified", "county_clerk", {"checked_on": "2020-05-28"}),
        ("post", "verified", "noticed", "township_reviewer", {}),
    ),
    "CountyExit": COUNTY
    | LISTED
    | {
        "facts": INCIDENCE | {"listed_villages": 42, "exited_villages": 42},
        "evaluation": {
            "first_day": "2020-06-02",
            "last_day": "2020-06-06",
            "rates": [
                {
                    "name": "composite",
                    "percent": "1.06",
                    "limit_percent": "2.00",
                    "passes": True,
                }
            ],
        },
    }
    | way(
        ("open", None, "proposed", "county_clerk", {}),
        ("post", "verified", "noticed", "province_officer", {}),
    ),
}
