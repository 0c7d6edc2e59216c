"""What acts on a case and where it stands are called, and in which role somebody acted."""

from django import template
from django.utils.translation import gettext as _

from officers.models import ROLE_NAMES
from officers.rules import Role
from workflow.models import Case, CaseEvent
from workflow.procedures import machine_of
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


@register.simple_tag
def state_words(case: Case) -> str:
    """Where a case stands."""
    return _(machine_of(case.kind).states[case.state])
