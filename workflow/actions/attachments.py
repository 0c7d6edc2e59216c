"""Adding evidence, taking it away, and handing it over from a draft to what it became."""

from django.db import transaction

from divisions.scope import require_within
from officers.models import Officer
from trail.actions import change_of, record_many
from workflow.models import Attachment


@transaction.atomic
def hand_over(
    from_kind: str,
    from_id: str,
    to_kind: str,
    to_id: str,
    *,
    year: int | None,
    division: str,
    by: Officer,
) -> int:
    """Let what is attached to one subject belong to another from now on; returns how many.

    Raises NotAllowed when the division of the new subject lies outside the officer's posting.
    """
    require_within(by, division)
    found = list(Attachment.everywhere.of(from_kind, from_id).select_for_update())
    for one in found:
        one.subject_kind, one.subject_id = to_kind, to_id
        one.year, one.division_id = year, division
    Attachment.everywhere.bulk_update(
        found, ["subject_kind", "subject_id", "year", "division"], batch_size=500
    )
    record_many(
        change_of(
            by=by,
            action="hand_over_evidence",
            subject=one,
            division=division,
            before={"subject": f"{from_kind}:{from_id}"},
            after={"subject": f"{to_kind}:{to_id}"},
        )
        for one in found
    )
    return len(found)
