"""What stands on record about the exits of counties."""

from collections.abc import Sequence

from workflow.machine import Records
from workflow.models import Case


def records_of(cases: Sequence[Case]) -> dict[int, Records]:
    """What stands against each exit."""
    return {case.pk: Records(values={"faults": (), "missing": (), "failed": ()}) for case in cases}
