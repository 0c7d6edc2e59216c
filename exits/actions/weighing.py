"""Weighing open cases anew: help, surveys and members change without a step of the case."""

from django.db import transaction

from workflow.actions import WEIGHED, weigh
from workflow.models import Case

AT_ONCE = 500


@transaction.atomic
def weigh_open_cases(after: int) -> int | None:
    """Weigh the next AT_ONCE open cases behind the key `after`; the last key, None at the end.

    A case that somebody moves at this moment is weighed by his step and passed over.
    """
    found = Case.everywhere.open().filter(pk__gt=after).order_by("pk")
    cases = list(found.select_for_update(skip_locked=True)[:AT_ONCE])
    Case.everywhere.bulk_update(weigh(cases), WEIGHED)
    return cases[-1].pk if cases else None
