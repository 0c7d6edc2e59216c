"""Another system that keeps a copy by the change feed."""

from typing import Any

from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue

FEED = "sync/changes/"
Copy = dict[tuple[str, str], dict[str, Any]]


class Follower:
    """Its copy by (kind, key), and the cursor behind which it goes on; "" before the first page."""

    def __init__(self, door: Door, *, limit: int = 100, **parameters: str):
        self.door = door
        self.limit = limit
        self.parameters = parameters
        self.cursor = ""
        self.copy: Copy = {}

    def ask(self) -> dict[str, Any]:
        """The next page, not yet taken in."""
        wanted = self.parameters | {"limit": str(self.limit)}
        wanted |= {"cursor": self.cursor} if self.cursor else {}
        answer = self.door.get(f"{FEED}?{'&'.join(f'{k}={v}' for k, v in wanted.items())}")
        assert answer.status_code == 200, answer.body
        return answer.body

    def take(self, page: dict[str, Any]) -> list[dict[str, Any]]:
        """The results of a page, in the copy from now on."""
        taken(self.copy, page)
        self.cursor = page["next"]
        return page["results"]

    def catch_up(self) -> list[dict[str, Any]]:
        """Everything that the feed has by now."""
        told: list[dict[str, Any]] = []
        while True:
            page = self.ask()
            told += self.take(page)
            if not page["more"]:
                return told

    def keys(self, kind: str = "household") -> set[str]:
        """What the copy holds of a kind."""
        return {key for one, key in self.copy if one == kind}


def taken(copy: Copy, page: dict[str, Any]) -> None:
    """Let a copy follow a page."""
    for one in page["results"]:
        at = one["kind"], one["key"]
        if one["gone"]:
            copy.pop(at, None)
        else:
            copy[at] = one["document"]


def named(told: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    """Keys of results, and whether each is gone."""
    return [(one["key"], one["gone"]) for one in told]


def follower(division: str = make.COUNTY, *scopes: Scope, **parameters: Any) -> Follower:
    """A client that has read nothing yet."""
    return Follower(Door(issue(division, *(scopes or (Scope.READ,))).text), **parameters)
