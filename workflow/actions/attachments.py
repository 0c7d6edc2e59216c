"""Adding evidence, taking it away, and handing it over from a draft to what it became."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.scope import require_within
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import change_of, record, record_many
from trail.errors import NotAllowed, Refused
from trail.sealing import seal
from workflow import evidence_store
from workflow.models import Attachment
from workflow.models.attachments import METADATA_FIELD
from workflow.pictures import BadPicture, made_anew

PROVERS = (
    Role.VILLAGE_OFFICIAL,
    Role.TEAM_MEMBER,
    Role.HELPER,
    Role.TOWNSHIP_REVIEWER,
    Role.COUNTY_CLERK,
    Role.COUNTY_APPROVER,
)
MOST_OF_A_SUBJECT = 60
KEPT_FOR = timedelta(days=30)
LOOKED_BACK = timedelta(days=60)


class BadEvidence(Refused):
    """A file that cannot be kept; the message says why and what to do (400)."""

    status = 400
    code = "bad_file"


def attach(
    content: bytes,
    *,
    by: Officer,
    division: str,
    subject_kind: str,
    subject_id: str,
    purpose: str,
    year: int | None = None,
) -> Attachment:
    """Keep an uploaded photo or PDF as evidence of a subject, made anew and sealed.

    The caller answers for the officer's right to write the subject. Raises NotAllowed for a role
    that proves nothing or another place; BadEvidence; Refused for more files than a subject needs.
    """
    require(by, *PROVERS, code=division)
    try:
        picture = made_anew(content)
    except BadPicture as bad:
        raise BadEvidence(_(str(bad))) from bad
    row = uuid.uuid4()
    attachment = Attachment(
        uuid=row,
        division_id=division,
        subject_kind=subject_kind,
        subject_id=subject_id,
        purpose=purpose,
        year=year,
        media_type=picture.media_type,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        metadata_sealed=seal(picture.metadata, field=METADATA_FIELD, row=row)
        if picture.metadata
        else None,
        added_by=by,
    )
    evidence_store.keep(picture.content, row=row)
    return _recorded(attachment, by)


@transaction.atomic
def _recorded(attachment: Attachment, by: Officer) -> Attachment:
    """Write the row; its file stands already, so that no row is without one."""
    of_subject = Attachment.everywhere.of(attachment.subject_kind, attachment.subject_id)
    if of_subject.count() >= MOST_OF_A_SUBJECT:
        evidence_store.remove([attachment.uuid])
        raise Refused(
            _("More than %(most)s files are too many. Take one away first.")
            % {"most": MOST_OF_A_SUBJECT},
            code="too_many_files",
        )
    attachment.full_clean(exclude=["metadata_sealed"])
    attachment.save(force_insert=True)
    record(
        by=by,
        action="attach",
        subject=attachment,
        division=attachment.division_id,
        after={
            "subject": f"{attachment.subject_kind}:{attachment.subject_id}",
            "purpose": attachment.purpose,
            "digest": attachment.digest,
        },
    )
    return attachment


@transaction.atomic
def take_away(attachment_id: int, *, by: Officer) -> Attachment:
    """Take evidence away from its subject; the file is removed some days later.

    Raises NotAllowed unless the officer added it himself; Refused when it is gone.
    """
    attachment = Attachment.everywhere.select_for_update().get(pk=attachment_id)
    require(by, *PROVERS, code=attachment.division_id)
    if attachment.added_by_id != by.pk:
        raise NotAllowed(_("Only who added a file takes it away."), code="not_yours")
    if attachment.removed_at:
        raise Refused(_("This file was taken away already."), code="gone")
    attachment.removed_by, attachment.removed_at = by, timezone.now()
    attachment.save(update_fields=["removed_by", "removed_at"])
    record(by=by, action="take_away", subject=attachment, division=attachment.division_id)
    return attachment


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


def purge(ended: Iterable[tuple[str, str]]) -> int:
    """Remove the files that were taken away long ago, and those of `ended` subjects.

    The rows stay and say what there was. Returns how many files were removed.
    """
    before = timezone.now() - KEPT_FOR
    gone = Attachment.everywhere.filter(removed_at__lt=before, removed_at__gte=before - LOOKED_BACK)
    removed = evidence_store.remove(gone.values_list("uuid", flat=True).iterator())
    for kind, subject in ended:
        rows = Attachment.everywhere.of(kind, subject).values_list("uuid", flat=True)
        removed += evidence_store.remove(rows)
    return removed
