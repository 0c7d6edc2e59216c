"""The second menu of the section, and the next deliveries on the cards of households."""

from collections.abc import Iterable

from django import template
from django.template import Context

from assistance.queries.due import Next, next_by_household
from assistance.tabs import GROUPS
from officers.sections import Line, lines_of
from teams.queries.unvisited import Card
from trail.dates import business_date

register = template.Library()


@register.simple_tag(takes_context=True)
def assistance_lines(context: Context) -> list[Line]:
    """The pages about help that the acting role opens."""
    request = context["request"]
    return lines_of(GROUPS, request.user, request.path)


@register.simple_tag(takes_context=True)
def cards_with_next(context: Context, cards: Iterable[Card]) -> list[tuple[Card, Next | None]]:
    """Each card of a household with its next delivery, None where nothing is due. One query."""
    found = list(cards)
    households = [one.household for one in found]
    officer, today = context["request"].user, business_date()
    next_ones = next_by_household(officer, households, today=today)
    return [(one, next_ones.get(one.household.pk)) for one in found]
