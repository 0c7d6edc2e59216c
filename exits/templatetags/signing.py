"""What an act on a case is called, and in which role somebody took it."""

from django import template

from officers.models import ROLE_NAMES
from officers.rules import Role
from workflow.models import CaseEvent
from workflow.queries import act_label

register = template.Library()


@register.simple_tag
def act_words(kind: str, event: CaseEvent) -> str:
    """What the step of an event is called in the procedure of this kind."""
    return act_label(kind, event.step)


@register.simple_tag
def role_words(event: CaseEvent) -> str:
    """The role in which the event was taken."""
    return str(ROLE_NAMES[Role(event.role)] if event.role in set(Role) else event.role)
