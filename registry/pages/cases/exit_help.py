"""What help a household got that leaves the register, what blocks its exit and what warns of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assistance.models import Item
from assistance.queries.helped import never_helped, unfinished
from assistance.queries.items import visible_items
from exits.procedure import EXIT, REMOVAL, REVOCATION
from exits.queries.ability import Leaving, abilities_of
from exits.queries.failed import Failed, failed_before
from exits.queries.household import houses_among
from exits.queries.signed import Signed, exit_before
from exits.queries.warnings import warnings_of_facts
from exits.rules.household import ability_blocks, help_blocks
from households.models import Household
from households.rights import reads_health, reads_names
from identification.procedure import REINCLUSION
from officers.models import Officer
from workflow.models import Case


@dataclass(frozen=True)
class ExitHelp:
    """For the page of an exit. `readable` are the keys of measures that the officer opens.

    `blocks` refuse the approval; `warnings` want that somebody looks at the case by itself.
    """

    was_helped: bool
    unfinished: list[Item]
    readable: frozenset[int]
    blocks: list[str]
    warnings: list[str]


def help_of_exit(officer: Officer, case: Case, household: Household | None) -> ExitHelp | None:
    """What is to be looked at before an exit; None for another procedure."""
    if case.kind != EXIT.kind or household is None:
        return None
    items = list(unfinished(household.pk))
    readable = visible_items(officer).filter(pk__in=[one.pk for one in items])
    was_helped = household.pk not in never_helped([household.pk])
    blocks = help_blocks(was_helped=was_helped, unfinished=houses_among(items))
    if reads_health(officer):
        leaving = Leaving(household.pk, household.village_id, case.facts["year"])
        blocks += ability_blocks(abilities_of([leaving]).get(household.pk))
    snapshots = {case.pk: case.facts} if "finding" in case.facts else {}
    warnings = warnings_of_facts(snapshots).get(case.pk, [])
    return ExitHelp(
        was_helped,
        items,
        frozenset(readable.values_list("pk", flat=True)),
        [_(one.text) % one.values for one in blocks],
        [_(one.text) % one.values for one in warnings],
    )


AFTER_AN_EXIT = frozenset({REINCLUSION.kind, REVOCATION.kind, EXIT.kind})
WITH_REASON = frozenset({REVOCATION.kind, REMOVAL.kind})


@dataclass(frozen=True)
class Preceding:
    """What a case follows: the exit before it with its signers, why it was asked for, and the
    exits that failed before it; their reasons are read by whoever reads names.
    """

    signed: Signed | None
    reason: str
    failed: list[Failed]
    reads_reasons: bool


def preceding_exit(officer: Officer, case: Case) -> Preceding | None:
    """For the page of a re-inclusion, a revocation, a removal, or one exit after another."""
    signed = exit_before(case) if case.kind in AFTER_AN_EXIT else None
    reason = case.facts.get("reason", "") if case.kind in WITH_REASON else ""
    failed = failed_before(case)
    if signed is None and not reason and not failed:
        return None
    reads = reads_names(officer)
    return Preceding(signed, reason if reads else "", failed, reads)
