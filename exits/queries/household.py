"""What stands on record about exits of households."""

from collections.abc import Iterable, Mapping, Sequence

from assistance.models import Item
from assistance.queries.helped import never_helped, unfinished_of
from exits.procedure.household import EXIT
from exits.rules.household import help_blocks
from households.models import Household
from workflow.machine import Fault, Records
from workflow.models import Attachment, Case
from workflow.models.attachments import CASE

HOUSE = "house"
"""The group of measures that move a household or mend its house."""

SIGNATURE = "signature"
DECIDED_FROM = frozenset(step.source for step in EXIT.steps if step.name.startswith("approve"))


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What blocks each exit that can be approved now, and the signatures of one to be confirmed."""
    waiting = {case.subject: case.pk for case in cases if case.state in DECIDED_FROM}
    blocks = {waiting[number]: found for number, found in blocks_of(waiting).items()}
    signed = _signed([case.pk for case in cases if case.state == "verified"])
    return {
        case.pk: Records({"blocks": blocks.get(case.pk, ()), "signatures": signed.get(case.pk, 0)})
        for case in cases
    }


def blocks_of(numbers: Iterable[str]) -> Mapping[str, tuple[Fault, ...]]:
    """What of the help stands against the exit of these households, by number. Three queries."""
    standing = Household.everywhere.standing()
    found = standing.filter(number__in=list(numbers)).values_list("pk", "number")
    households = dict(found)
    if not households:
        return {}
    unhelped, houses = never_helped(households), _unfinished_houses(households)
    return {
        number: help_blocks(was_helped=key not in unhelped, unfinished=houses.get(key, ()))
        for key, number in households.items()
    }


def _unfinished_houses(households: Iterable[int]) -> dict[int, list[str]]:
    items = unfinished_of(households).filter(measure__group=HOUSE).select_related("measure")
    of: dict[int, list[Item]] = {}
    for item in items:
        of.setdefault(item.household_id or 0, []).append(item)
    return {key: houses_among(own) for key, own in of.items()}


def houses_among(items: Iterable[Item]) -> list[str]:
    """The names of those measures that move the household or mend its house."""
    return [str(item.measure.name) for item in items if item.measure.group == HOUSE]


def _signed(cases: Sequence[int]) -> dict[int, int]:
    """How many photos of a signature are kept at each case."""
    if not cases:
        return {}
    kept = Attachment.everywhere.standing().filter(
        subject_kind=CASE, subject_id__in=[str(key) for key in cases], purpose=SIGNATURE
    )
    found: dict[int, int] = {}
    for key in kept.values_list("subject_id", flat=True):
        found[int(key)] = found.get(int(key), 0) + 1
    return found
