"""The annual review: its chunks and villages, its proposals, and what officers did with them."""

from reviews.models.acceptances import BatchAcceptance, BatchState, LeftOutRow
from reviews.models.comparisons import Comparison
from reviews.models.proofs import Verification
from reviews.models.proposals import KIND_NAMES, Answer, Proposal
from reviews.models.readiness import VillageReadiness
from reviews.models.reviews import (
    DONE,
    UNFINISHED,
    ChunkState,
    Review,
    ReviewChunk,
    ReviewState,
    ReviewVillage,
)

__all__ = [
    "DONE",
    "KIND_NAMES",
    "UNFINISHED",
    "Answer",
    "BatchAcceptance",
    "BatchState",
    "ChunkState",
    "Comparison",
    "LeftOutRow",
    "Proposal",
    "Review",
    "ReviewChunk",
    "ReviewState",
    "ReviewVillage",
    "Verification",
    "VillageReadiness",
]
