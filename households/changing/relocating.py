"""A household that moves to another village, and what is under way about it."""

from households.models import Draft, Household, QualityIssue
from officers.models import Officer
from trail.actions import record
from workflow.models import Attachment, Case
from workflow.models.attachments import CASE, DRAFT, HOUSEHOLD


def relocate(household: Household, village: str, *, act: str, case: Case, by: Officer) -> None:
    """Move the locked household, with its open cases, drafts, findings and evidence.

    What is past keeps its village: surveys, closed cases, notices. The caller holds the
    transaction.
    """
    before = {"village_code": household.village_id, "group": household.group}
    household.village_id, household.group = village, ""
    household.save(update_fields=["village", "group"])
    moved = _move_along(household, village)
    record(
        by=by,
        action=act,
        subject=household,
        division=village,
        before=before,
        after={"village_code": village, "group": "", "cases": moved},
        origin=f"case:{case.pk}",
    )


def _move_along(household: Household, village: str) -> list[int]:
    """Returns the keys of the open cases, which the officers of the new village carry on."""
    under_way = Case.everywhere.filter(subject=household.number, closed_at=None)
    cases = list(under_way.select_for_update().order_by("pk").values_list("pk", flat=True))
    Case.everywhere.filter(pk__in=cases).update(division=village)
    drafts = Draft.everywhere.open().filter(household=household)
    uuids = list(drafts.select_for_update().order_by("pk").values_list("uuid", flat=True))
    Draft.everywhere.filter(uuid__in=uuids).update(village=village)
    QualityIssue.everywhere.standing().filter(household=household).update(village=village)
    for kind, keys in (
        (HOUSEHOLD, [household.number]),
        (DRAFT, [str(uuid) for uuid in uuids]),
        (CASE, [str(key) for key in cases]),
    ):
        theirs = Attachment.everywhere.filter(subject_kind=kind, subject_id__in=keys)
        theirs.update(division=village)
    return cases
