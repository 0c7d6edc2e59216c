"""What stands on record about revocations."""

from collections.abc import Sequence

from workflow.machine import Records
from workflow.models import Case


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """Who else must not decide on each revocation."""
    return {case.pk: Records() for case in cases}
