"""What the facts must show before a household leaves the register."""

from workflow.machine import Fault, Situation, gettext_noop


def facts_allow_exit(situation: Situation) -> list[Fault]:
    """A fault unless nothing is lacking or unknown and the income lies above the line.

    Exactly on the line is not enough. Source: register template, "The finding"; invariant 7.
    """
    finding = situation.facts["finding"]
    if finding["gaps"]:
        return [Fault(gettext_noop("The facts are not complete. Complete them, then decide."))]
    if finding["lacks"]:
        return [Fault(gettext_noop("The household still lacks something. It cannot exit."))]
    if not finding["exit_ready"]:
        return [Fault(gettext_noop("The income is not above the line. The household cannot exit."))]
    return []
