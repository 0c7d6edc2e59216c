"""What exits keep beside their cases: tracking, plans, listed places, indicators, evaluations."""

from exits.models.household import ExitPlan, Revocation, Tracking
from exits.models.villages import Evaluation, Indicator, Judgement, ListedPlace

__all__ = [
    "Evaluation",
    "ExitPlan",
    "Indicator",
    "Judgement",
    "ListedPlace",
    "Revocation",
    "Tracking",
]
