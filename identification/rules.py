"""What the facts must show before a household comes onto the register."""

from workflow.machine import Fault, Situation, gettext_noop


def facts_show_poverty(situation: Situation) -> list[Fault]:
    """A fault unless every fact is known and at least one thing is lacking.

    Source: register template, "The proposal": gaps are completed first, lacks identify.
    """
    finding = situation.facts["finding"]
    if finding["gaps"]:
        return [Fault(gettext_noop("The facts are not complete. Complete them, then decide."))]
    if not finding["lacks"]:
        return [Fault(gettext_noop("The facts show nothing lacking. Reject or return the case."))]
    return []
