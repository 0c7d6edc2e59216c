"""What help a household got that leaves the register, and what of it is unfinished."""

from dataclasses import dataclass

from assistance.models import Item
from assistance.queries.helped import never_helped, unfinished
from assistance.queries.items import visible_items
from exits.procedure import EXIT
from households.models import Household
from officers.models import Officer
from workflow.models import Case


@dataclass(frozen=True)
class ExitHelp:
    """For the page of an exit. `readable` are the keys of measures that the officer opens."""

    was_helped: bool
    unfinished: list[Item]
    readable: frozenset[int]


def help_of_exit(officer: Officer, case: Case) -> ExitHelp | None:
    """What is to be looked at before an exit; None for another procedure. It refuses nothing."""
    if case.kind != EXIT.kind:
        return None
    household = Household.everywhere.get(number=case.subject)
    items = list(unfinished(household.pk))
    readable = visible_items(officer).filter(pk__in=[one.pk for one in items])
    return ExitHelp(
        household.pk not in never_helped([household.pk]),
        items,
        frozenset(readable.values_list("pk", flat=True)),
    )
