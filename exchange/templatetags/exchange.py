"""The second menu of the section."""

from django import template
from django.template import Context

from exchange.tabs import GROUPS
from officers.sections import Line, lines_of

register = template.Library()


@register.simple_tag(takes_context=True)
def exchange_lines(context: Context) -> list[Line]:
    """The pages about other systems that the acting role opens."""
    request = context["request"]
    return lines_of(GROUPS, request.user, request.path)
