"""The second menu of the section."""

from django import template
from django.template import Context

from officers.sections import Line, lines_of
from teams.tabs import GROUPS

register = template.Library()


@register.simple_tag(takes_context=True)
def section_lines(context: Context) -> list[Line]:
    """The pages of the work teams that the acting role opens."""
    request = context["request"]
    return lines_of(GROUPS, request.user, request.path)
