"""The second menu of the section."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.template import Context
from django.utils.functional import Promise

from teams.tabs import Group, Tab, groups_of

register = template.Library()


@dataclass(frozen=True)
class Line:
    """One line of the menu: each entry with its name, its address and its aria-current, or ""."""

    entries: Sequence[tuple[Promise, str, str]]


@register.simple_tag(takes_context=True)
def section_lines(context: Context) -> list[Line]:
    """The groups of pages that the acting role opens, and the pages of the open group.

    The longest address wins, because that of the roster begins every other. A group of one page
    has no second line.
    """
    request = context["request"]
    groups = groups_of(request.user)
    tabs = [tab for group in groups for tab in group.tabs]
    urls = [tab.url for tab in tabs if request.path.startswith(tab.url)]
    here = max(urls, key=len, default="")
    first = [(one.label, one.tabs[0].url, "true" if _holds(one, here) else "") for one in groups]
    own = next((one.tabs for one in groups if _holds(one, here)), ())
    second = [(tab.label, tab.url, _mark(tab, here, request.path)) for tab in own]
    return [Line(first), Line(second)] if len(second) > 1 else [Line(first)]


def _holds(group: Group, here: str) -> bool:
    return here in [tab.url for tab in group.tabs]


def _mark(tab: Tab, here: str, path: str) -> str:
    if tab.url != here:
        return ""
    return "page" if tab.url == path else "true"
