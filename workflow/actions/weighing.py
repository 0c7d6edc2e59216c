"""Keeping on the row of each case what the inbox lists and orders it by: its flags and its risk.

They rest on what other tables hold. Whoever changes that weighs the cases about it again, in the
same transaction; what only time and parameters change is weighed at night.
"""

from collections.abc import Iterable, Mapping, Sequence

from workflow.machine import Flagged
from workflow.models import Case
from workflow.queries import weighed

WEIGHED = ("risk", "flags")
ROWS_AT_ONCE = 500


def weigh(cases: Iterable[Case]) -> list[Case]:
    """Set risk and flags of the cases that are open; those of which something changed, unsaved."""
    changed = []
    for case, found in weighed(one for one in cases if one.closed_at is None):
        now = (found.risk, [flag.code for flag in found.flags])
        if (case.risk, case.flags) != now:
            case.risk, case.flags = now
            changed.append(case)
    return changed


def keep_flags(cases: Iterable[Case], found: Mapping[int, Sequence[Flagged]]) -> None:
    """Save the flags that were found of locked cases where their rows say otherwise: how many must
    decide follows the flags of this moment.
    """
    changed = []
    for case in cases:
        now = [flag.code for flag in found.get(case.pk, ())]
        if case.pk in found and case.flags != now:
            case.flags = now
            changed.append(case)
    Case.everywhere.bulk_update(changed, ["flags"], batch_size=ROWS_AT_ONCE)


def weigh_again(case: Case) -> None:
    """Weigh and save a locked case about which something was put on record."""
    if weigh([case]):
        case.save(update_fields=WEIGHED)


def weigh_about(subjects: Iterable[str]) -> None:
    """Weigh and save the open cases about these subjects, of which something changed.

    The caller is in a transaction and has locked the subjects.
    """
    found = Case.everywhere.open().filter(subject__in=list(subjects))
    cases = list(found.select_for_update().order_by("pk"))
    Case.everywhere.bulk_update(weigh(cases), WEIGHED, batch_size=ROWS_AT_ONCE)
