"""Submitting a draft: the household is registered, and its application opens a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from households.entry import fields
from households.entry.drafts import content_of, submit_draft
from households.entry.judged import as_text
from households.models import Draft, Household
from identification.actions import apply
from officers.models import Officer
from registry.pages.registering.explaining import keep, refuse_long
from trail.dates import business_date
from trail.transactions import retried
from workflow.models import Case


@dataclass(frozen=True)
class Submitted:
    """What came of a draft; `case` is the identification that its application opened, or None."""

    household: Household
    case: Case | None


@retried
@transaction.atomic
def submit(draft_id: int, *, by: Officer, seen: int, explained: Mapping[str, str]) -> Submitted:
    """Register or bring up to date what the draft holds; `seen` is the version that was checked.

    `explained` says why a finding is right as it stands, by the name of its field on the page.
    Raises Incomplete for one that is too long, and what `households.entry.drafts.submit_draft` and
    `identification.actions.apply` raise; then nothing of either is written.
    """
    refuse_long(explained)
    saved = submit_draft(draft_id, by=by, seen=seen)
    draft = Draft.everywhere.get(pk=draft_id)
    keep(saved, draft.year, explained, by=by)
    said = application_in(draft)
    if said is None:
        return Submitted(saved.household, None)
    return Submitted(saved.household, apply(saved.household, by=by, year=draft.year, **said))


def application_in(draft: Draft) -> dict[str, Any] | None:
    """What the household applies with, as a sound draft says; None where it does not apply."""
    rules = fields.rules(fields.CONSENT, today=business_date(), year=draft.year)
    values = content_of(draft).step(fields.CONSENT).values
    said = {name: rules[name](as_text(text).strip()) for name, text in values.items()}
    if not said.get("applies"):
        return None
    return {
        "applied_on": said["applied_on"],
        "applicant": said["applicant"],
        "statement": said.get("statement", ""),
        "kin_of_official": said.get("kin_of_official", False),
    }
