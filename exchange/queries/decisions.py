"""Which system decides where, and the decisions that were reported."""

from django.db.models import Q, QuerySet

from divisions.models import DIGITS, Level
from exchange.models import ForeignDecision
from officers.models import Officer
from workflow.parameters import DECIDING_SYSTEM
from workflow.queries import parameter

WITHDRAWN = "withdrawn"
"""The state of a case that left its report as it was."""


def deciding_system(village: str, year: int) -> str:
    """The user name of the machine client whose system decides there; "" for this one."""
    return str(parameter(DECIDING_SYSTEM, village[: DIGITS[Level.COUNTY]], year))


def reported(officer: Officer) -> QuerySet[ForeignDecision]:
    """The decisions reported for households within the officer's posting, the newest first."""
    found = ForeignDecision.objects.visible_to(officer).select_related(
        "client__officer", "household", "case", "village"
    )
    return found.order_by("-id")


def untaken(officer: Officer) -> QuerySet[ForeignDecision]:
    """Those that wait to be taken in, for the first time or once more."""
    return reported(officer).filter(Q(case=None) | Q(case__state=WITHDRAWN))
