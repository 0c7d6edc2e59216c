"""Holding the soft rules against what an import saved."""

from households.actions.quality import recheck_all
from households.importing.withdrawing import touched_by
from households.models import ImportBatch


def check_batch(batch_id: int) -> int:
    """Check every household that the batch made or changed; returns how many issues stand.

    Part by part, each in its own transaction; done again it changes nothing.
    """
    batch = ImportBatch.everywhere.get(pk=batch_id)
    return recheck_all(touched_by(batch), year=batch.year)
