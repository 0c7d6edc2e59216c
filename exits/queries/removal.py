"""What stands on record about removals."""

from collections.abc import Sequence

from workflow.machine import Records
from workflow.models import Attachment, Case
from workflow.models.attachments import CASE


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """How many photos and documents are kept at each case."""
    keys = [str(case.pk) for case in cases]
    kept = Attachment.everywhere.standing().filter(subject_kind=CASE, subject_id__in=keys)
    files = list(kept.values_list("subject_id", flat=True))
    return {case.pk: Records({"files": files.count(str(case.pk))}) for case in cases}
