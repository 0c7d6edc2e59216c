"""What the tables of forms are written with: the world of a test, a place, an address."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from officers.models import Officer
from tests.cast import Cast
from tests.web.route_rows import Rows


@dataclass(frozen=True)
class World:
    """What a place may lean on: the cast, its rows, and a client that signs in as anybody.

    The far clerk and approver are of a third county, where no review was yet.
    """

    cast: Cast
    rows: Rows
    signed_in: Callable[..., Client]
    far_clerk: Officer
    far_approver: Officer

    def who(self, name: str) -> Officer:
        """The officer of a place."""
        return getattr(self, name, None) or getattr(self.cast, name)


@dataclass(frozen=True)
class Place:
    """A page with a form.

    `sent` are entries beside the form's own, such as the button; `target` is where it goes, where
    that is another address.
    """

    path: Callable[[World], str]
    officer: str = "county_clerk"
    context: str = "form"
    sent: dict[str, str] = field(default_factory=dict)
    target: Callable[[World], str] | None = None


def named(route: str, *attributes: str, query: str = "") -> Callable[[World], str]:
    """The path of a route whose arguments are attributes of the rows: "case.pk"."""

    def path(world: World) -> str:
        found = []
        for attribute in attributes:
            value: object = world.rows
            for part in attribute.split("."):
                value = getattr(value, part)
            found.append(value)
        return reverse(route, args=found) + query

    return path
