"""What is kept of the exchange with other systems."""

from exchange.models.contacts import Contact
from exchange.models.decisions import DecisionKind, ForeignDecision
from exchange.models.digests import DigestMark, HouseholdDigest
from exchange.models.feed import FeedEntry, FeedEpoch, FeedMark, Kind
from exchange.models.pushes import Difference, DifferenceState, Push
from exchange.models.uploads import Upload, UploadForm, UploadPart, UploadState

__all__ = [
    "Contact",
    "DecisionKind",
    "Difference",
    "DifferenceState",
    "DigestMark",
    "FeedEntry",
    "FeedEpoch",
    "FeedMark",
    "ForeignDecision",
    "HouseholdDigest",
    "Kind",
    "Push",
    "Upload",
    "UploadForm",
    "UploadPart",
    "UploadState",
]
