"""What the removal of a wrong registration must rest on."""

from workflow.machine import Fault, Situation, Step, gettext_noop

VERIFY = "verify"


def unproved(step: Step, situation: Situation) -> list[Fault]:
    """A fault while no photo or document is kept at the case that somebody is to verify."""
    if step.name != VERIFY or situation.records.values.get("files"):
        return []
    text = gettext_noop("No evidence is kept at this case. Add a photo or document first.")
    return [Fault(text)]
