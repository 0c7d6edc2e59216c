"""The proposals of a first run as they are stored, in the frames that they came from."""

from typing import TYPE_CHECKING

from reviews.actions.frames import copied_out
from reviews.models import Review
from reviews.queries.facts import EVIDENCE, EVIDENCE_COLUMNS, STORED, STORED_COLUMNS

if TYPE_CHECKING:
    from pandas import DataFrame


def read_stored(review: Review, low: str, high: str) -> "DataFrame":
    """As `frames.decide` gave them; no figure of a survey is read."""
    return copied_out(STORED, {"review": review.pk, "low": low, "high": high}, STORED_COLUMNS)


def read_evidence(review: Review, low: str, high: str) -> "DataFrame":
    """The same with the figures that each rests on, by the survey that it names."""
    parameters = {"review": review.pk, "year": review.year, "low": low, "high": high}
    return copied_out(EVIDENCE, parameters, EVIDENCE_COLUMNS)
