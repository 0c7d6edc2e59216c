"""Finding the households at fault among many, so that the others are decided."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from households.rules import Kind
from reviews.actions.frames import attention, decide, read_facts, read_identity, write_proposals
from reviews.models import Proposal, Review
from reviews.queries.facts import AMONG

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)

PIECES = 16
PATIENCE_MS, PATIENCE_MS_PER_HOUSEHOLD = 2000, 0.4  # a hundred times of what a statement needs
LOCK_PATIENCE_MS = 1500
FAULTS = (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError)
PASSING = (DeadlockDetected, SerializationFailure, LockNotAvailable)
SERVER_GOES = "57P"  # SQLSTATEs of a server that shuts down, crashed or starts


def decide_apart(review: Review, households: list[int], *, facts_at: datetime) -> list["DataFrame"]:
    """Decide these households, cutting them into pieces as long as something fails or hangs.

    A single one that fails gets a proposal of kind ATTENTION with the error. Rises what no
    household can be blamed for: a passing conflict, and a lost connection.
    """
    try:
        with transaction.atomic(), patience(len(households)):
            facts = read_facts(review, AMONG, households=households, facts_at=facts_at)
            decided = decide(facts, review)
            write_proposals(review, decided)
            return [decided]
    except FAULTS as fault:
        if not households:
            raise
        refuse_blame(fault)
        if len(households) == 1:
            return [need_attention(review, households[0], in_short(fault), facts_at=facts_at)]
    size = -(-len(households) // PIECES)
    return [
        part
        for start in range(0, len(households), size)
        for part in decide_apart(review, households[start : start + size], facts_at=facts_at)
    ]


def need_attention(
    review: Review, household_id: int, error: str, *, facts_at: datetime
) -> "DataFrame":
    """The household's proposal of kind ATTENTION; its figures are not read."""
    logger.warning("household %s of review %s needs attention", household_id, review.pk)
    identity = read_identity(review, household_id, facts_at=facts_at)
    Proposal.everywhere.create(
        review=review,
        household_id=household_id,
        village_id=identity["village"],
        survey_id=identity["survey"] or None,
        state=identity["state"],
        kind=Kind.ATTENTION,
        persons=identity["persons"],
        error=error,
    )
    return attention(identity)


@contextmanager
def patience(households: int) -> Iterator[None]:
    """Within, each statement ends with an error when it takes far too long for so many.

    Waiting for a lock ends sooner, so that nobody takes it for a fault of a household.
    """
    limit = round(PATIENCE_MS + households * PATIENCE_MS_PER_HOUSEHOLD)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout TO %s; SET LOCAL lock_timeout TO %s",
            [limit, LOCK_PATIENCE_MS],
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT; SET LOCAL lock_timeout TO DEFAULT")


def refuse_blame(fault: Exception) -> None:
    """Raise again what no row can be blamed for: a passing conflict, and a lost connection."""
    if is_passing(fault) or is_lost(fault):
        raise fault


def is_passing(fault: BaseException) -> bool:
    """Whether the same work may succeed at the next try, as after a deadlock."""
    return isinstance(fault.__cause__, PASSING)


def is_lost(fault: BaseException) -> bool:
    """Whether the database went away meanwhile, perhaps because of what was asked of it."""
    if not isinstance(fault, OperationalError | InterfaceError):
        return False
    code = getattr(fault.__cause__, "pgcode", None)
    return code is None or code.startswith(SERVER_GOES)


def in_short(fault: BaseException) -> str:
    """Kind and first line of a fault: its further lines may quote rows."""
    return f"{type(fault).__name__}: {str(fault).partition(chr(10))[0]}"[:300]
