"""The second menu of the section."""

from django import template
from django.template import Context

from teams.tabs import Tab, tabs_of

register = template.Library()


@register.simple_tag(takes_context=True)
def section_tabs(context: Context) -> list[tuple[Tab, str]]:
    """The pages that the acting role opens, each with its address; marked is the one that is open.

    The mark is the value of aria-current, "" for the others: the longest address wins, because
    that of the roster begins every other.
    """
    request = context["request"]
    tabs = tabs_of(request.user)
    open_here = max((t.url for t in tabs if request.path.startswith(t.url)), key=len, default="")
    return [(tab, _mark(tab.url, open_here, request.path)) for tab in tabs]


def _mark(url: str, open_here: str, path: str) -> str:
    if url != open_here:
        return ""
    return "page" if url == path else "true"
