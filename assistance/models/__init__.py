"""How help is given: the catalogue, plans and their measures, deliveries, the village's own."""

from assistance.models.catalogue import Measure
from assistance.models.delivery import (
    Contract,
    Course,
    Delivery,
    DeliveryKind,
    DeliverySource,
    Instalment,
    Loan,
    Move,
    Repayment,
)
from assistance.models.gaps import (
    Gap,
    GapChunk,
    GapChunkState,
    GapResolution,
    GapRun,
    RunState,
)
from assistance.models.plans import Item, ItemStatus, Origin, Plan, PlanCase, StopReason
from assistance.models.villages import Beneficiary, Distribution, Transfer, TransferKind

__all__ = [
    "Beneficiary",
    "Contract",
    "Course",
    "Delivery",
    "DeliveryKind",
    "DeliverySource",
    "Distribution",
    "Gap",
    "GapChunk",
    "GapChunkState",
    "GapResolution",
    "GapRun",
    "Instalment",
    "Item",
    "ItemStatus",
    "Loan",
    "Measure",
    "Move",
    "Origin",
    "Plan",
    "PlanCase",
    "Repayment",
    "RunState",
    "StopReason",
    "Transfer",
    "TransferKind",
]
