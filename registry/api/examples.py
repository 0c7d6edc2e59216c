"""Worked examples for the description, by the name of the body or the answer: none without one."""

from types import ModuleType
from typing import Any

from assistance.api import examples as of_help
from exchange.api import batch_examples as of_batches
from exchange.api import examples as of_exchange
from exchange.api import feed_examples as of_feed
from exits.api import examples as of_exits
from households.api import examples as of_households
from identification.api import examples as of_identifications
from monitoring.api import examples as of_watches
from reviews.api import examples as of_reviews
from teams.api import examples as of_teams

APPS: tuple[ModuleType, ...] = (
    of_households,
    of_teams,
    of_help,
    of_feed,
    of_identifications,
    of_watches,
    of_exits,
    of_reviews,
    of_exchange,
    of_batches,
)
DIVISION: dict[str, Any] = {
    "code": "970123",
    "padded_code": "970123000000",
    "level": 3,
    "name": "示例县",
    "parent": "9701",
}


def collected(sort: str) -> dict[str, Any]:
    """What the apps give of a sort of examples."""
    found: dict[str, Any] = {}
    for app in APPS:
        found |= getattr(app, sort, {})
    return found


ROWS = collected("ROWS") | {"Division": DIVISION}
BODIES = collected("BODIES")
ANSWERS = (
    collected("ANSWERS")
    | ROWS
    | {
        f"{name.removesuffix('Row')}Page": {"next": None, "results": [row]}
        for name, row in ROWS.items()
    }
)
