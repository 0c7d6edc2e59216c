"""The household's consent, as the last step of a draft states it."""

from households.entry import fields
from households.entry.judged import EntryFault, Judged
from households.models import Consent, Draft, Household
from officers.models import Officer
from workflow.models import Attachment
from workflow.models.attachments import DRAFT, HOUSEHOLD

PURPOSE = "consent"
NEEDED = ("consent_on", "way", "signer")
APPLICATION = ("applied_on", "applicant")


def judge_consent(judged: Judged, draft: Draft) -> None:
    """Add what is missing: nothing of a household is submitted without its consent."""
    said = judged.extras.get(fields.CONSENT, {})
    faulty = {fault.name for fault in judged.faults_of(fields.CONSENT)}
    needed = NEEDED + (APPLICATION if said.get("applies") else ())
    for name in needed:
        if name not in said and name not in faulty:
            judged.faults.append(EntryFault(fields.CONSENT, None, name, "consent_missing"))
    if said.get("way") == Consent.PHOTO and not _photos(DRAFT, str(draft.uuid)):
        judged.faults.append(EntryFault(fields.CONSENT, None, "way", "photo_missing"))


def _photos(kind: str, subject: str) -> list[Attachment]:
    return [*Attachment.everywhere.of(kind, subject).filter(purpose=PURPOSE)]


def record_consent(household: Household, judged: Judged, *, by: Officer) -> Consent:
    """Write down the consent of a submitted draft, with the photo where it has one."""
    said = judged.extras[fields.CONSENT]
    photos = _photos(HOUSEHOLD, household.number) if said["way"] == Consent.PHOTO else []
    consent = Consent(
        household=household,
        year=judged.entry.year,
        given_on=said["consent_on"],
        way=said["way"],
        signer=said["signer"],
        attachment=photos[-1] if photos else None,
        recorded_by=by,
    )
    consent.full_clean()
    consent.save(force_insert=True)
    return consent
