"""The pages of the section, as its second menu offers them to a role."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officers.models import Officer
from officers.rules import Role
from teams.rights import READERS


@dataclass(frozen=True)
class Tab:
    """A page of the section: its route and the roles that work there."""

    label: Promise
    route: str
    roles: frozenset[Role]

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.route)


TABS: tuple[Tab, ...] = (Tab(_("Roster"), "teams:roster", READERS),)
"""In the order of the menu."""


def tabs_of(officer: Officer) -> list[Tab]:
    """The pages that the acting role can open."""
    return [tab for tab in TABS if officer.acting_role in tab.roles]
