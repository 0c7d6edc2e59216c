"""Submitting a draft: the household is registered, and its application opens a case."""

from dataclasses import dataclass

from django.db import transaction

from households.entry.drafts import submit_draft
from households.models import Household
from officers.models import Officer
from workflow.models import Case
from workflow.transactions import retried


@dataclass(frozen=True)
class Submitted:
    """What came of a draft; `case` is the identification that its application opened, or None."""

    household: Household
    case: Case | None


@retried
@transaction.atomic
def submit(draft_id: int, *, by: Officer, seen: int) -> Submitted:
    """Register or bring up to date what the draft holds; `seen` is the version that was checked.

    Raises what `households.entry.drafts.submit_draft` raises.
    """
    saved = submit_draft(draft_id, by=by, seen=seen)
    return Submitted(saved.household, None)
