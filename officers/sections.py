"""The second menu of a section of the site: groups of pages, as a role can open them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from officers.models import Officer
from officers.rules import Role


@dataclass(frozen=True)
class Tab:
    """A page of a section: its route and the roles that work there."""

    label: Promise
    route: str
    roles: frozenset[Role]

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.route)


@dataclass(frozen=True)
class Group:
    """Pages of one subject: the first line of the menu; its pages are the second line."""

    label: Promise
    tabs: tuple[Tab, ...]


@dataclass(frozen=True)
class Line:
    """One line of the menu: each entry with its name, its address and its aria-current, or ""."""

    entries: Sequence[tuple[Promise, str, str]]


def lines_of(groups: Iterable[Group], officer: Officer, path: str) -> list[Line]:
    """The groups of pages that the acting role opens, and the pages of the group open at `path`.

    The longest address wins, because that of the first page begins every other. A group of one page
    has no second line.
    """
    own = _opened(groups, officer)
    tabs = [tab for group in own for tab in group.tabs]
    urls = [tab.url for tab in tabs if path.startswith(tab.url)]
    here = max(urls, key=len, default="")
    first = [(one.label, one.tabs[0].url, _mark_of_group(one, here, path)) for one in own]
    open_tabs = next((one.tabs for one in own if _holds(one, here)), ())
    second = [(tab.label, tab.url, _mark(tab, here, path)) for tab in open_tabs]
    return [Line(first), Line(second)] if len(second) > 1 else [Line(first)]


def _opened(groups: Iterable[Group], officer: Officer) -> list[Group]:
    role = officer.acting_role
    cut = [Group(one.label, tuple(t for t in one.tabs if role in t.roles)) for one in groups]
    return [group for group in cut if group.tabs]


def _holds(group: Group, here: str) -> bool:
    return here in [tab.url for tab in group.tabs]


def _mark_of_group(group: Group, here: str, path: str) -> str:
    """A group of one page is that page."""
    if len(group.tabs) == 1:
        return _mark(group.tabs[0], here, path)
    return "true" if _holds(group, here) else ""


def _mark(tab: Tab, here: str, path: str) -> str:
    if tab.url != here:
        return ""
    return "page" if tab.url == path else "true"
