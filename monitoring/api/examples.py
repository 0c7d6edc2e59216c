"""A worked example of a watch; the household in it is made up."""

from typing import Any

from households.api.examples import FACTS
from workflow.api.examples import APPRAISAL, row, way

WATCH = row(412, "watch", "noticed")
ROWS: dict[str, Any] = {"WatchRow": WATCH}
ANSWERS: dict[str, Any] = {
    "Watch": WATCH
    | {"facts": FACTS}
    | way(
        ("open", None, "proposed", "village_official", {}),
        (
            "verify",
            "proposed",
            "verified",
            "team_member",
            {"visited_on": "2020-05-28", "risk": "illness"},
        ),
        ("appraise", "verified", "appraised", "village_official", APPRAISAL),
        ("post", "appraised", "noticed", "village_official", {}),
    )
}
