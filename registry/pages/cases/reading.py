"""What of a case a role may read: who it is about, and what people wrote in it."""

from exits.queries.place_account import PLACE_KINDS
from households.rights import masked_name, reads_names
from officers.models import Officer
from workflow.procedures import machine_of


def reads_texts(officer: Officer, kind: str) -> bool:
    """Whether the role reads opinions, reasons and objections: they may name people.

    Of a village or a county those read them, too, who act in its case.
    """
    if reads_names(officer) or kind not in PLACE_KINDS:
        return reads_names(officer)
    machine = machine_of(kind)
    return officer.acting_role in machine.openers.union(*(step.roles for step in machine.steps))


def name_on_notice(officer: Officer, kind: str, name: str) -> str:
    """The name that a line shows, as the role may read it; that of a place is public."""
    return name if reads_names(officer) or kind in PLACE_KINDS else masked_name(name)
