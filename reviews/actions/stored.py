"""Proposals as they are stored, in the frames that they came from."""

from typing import TYPE_CHECKING

from reviews.actions.frames import copied_out
from reviews.models import Review
from reviews.queries.facts import EVIDENCE_COLUMNS, STORED, STORED_COLUMNS, evidence_statement

if TYPE_CHECKING:
    from pandas import DataFrame


def read_stored(review: Review, low: str, high: str) -> "DataFrame":
    """Those of the first run, as `frames.decide` gave them; no figure of a survey is read."""
    return copied_out(STORED, {"review": review.pk, "low": low, "high": high}, STORED_COLUMNS)


def read_evidence(review: Review, which: str, low: str, high: str) -> "DataFrame":
    """Those of FIRST_RUN or ADDED_LATER with the figures that each rests on, by its survey."""
    parameters = {"review": review.pk, "year": review.year, "low": low, "high": high}
    return copied_out(evidence_statement(which), parameters, EVIDENCE_COLUMNS)
