"""What stands on record about exits of households."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Max

from assistance.models import Item
from assistance.queries.helped import never_helped, unfinished_of
from exits.procedure.household import EXIT
from exits.rules.household import help_blocks, later_faults
from households.models import Household, Survey
from workflow.machine import Fault, Records
from workflow.models import Attachment, Case
from workflow.models.attachments import CASE

HOUSE = "house"
"""The group of measures that move a household or mend its house."""

SIGNATURE = "signature"
DECIDED_FROM = frozenset(step.source for step in EXIT.steps if step.name.startswith("approve"))


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What blocks each exit that can be decided now, and the signatures of one to be confirmed.

    `later` is the year of facts on record that came after those of the case, None without any.
    """
    waiting = {case.subject: case.pk for case in cases if case.state in DECIDED_FROM}
    blocks = {waiting[number]: found for number, found in blocks_of(waiting).items()}
    signed = _signed([case.pk for case in cases if case.state == "verified"])
    planned = [case.subject for case in cases if case.state == "proposed"]
    latest = latest_years([*waiting, *planned])
    found = {}
    for case in cases:
        year = latest.get(case.subject)
        later = year if year and year > case.facts.get("year", year) else None
        values = {
            "later": later,
            "blocks": (*later_faults(later), *blocks.get(case.pk, ())),
            "signatures": signed.get(case.pk, 0),
        }
        found[case.pk] = Records(values)
    return found


def latest_years(numbers: Collection[str]) -> dict[str, int]:
    """The year of the latest facts on record of each household, by number."""
    if not numbers:
        return {}
    surveys = Survey.objects.filter(
        household__number__in=numbers, household__withdrawn_at=None, withdrawn_at=None
    )
    found = surveys.order_by().values_list("household__number").annotate(Max("year"))
    return dict(found)


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
