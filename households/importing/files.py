"""The command's way: a file of any size, judged and saved in one go."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path

from households.importing.batches import finish, locked
from households.importing.filed import Warned
from households.importing.importers import (
    author_of,
    importer_of,
    require_importer,
    require_year,
)
from households.importing.reader import COMMAND, read_table
from households.importing.report import ErrorReport, report_of
from households.importing.run import Progress, Run, Tally
from households.importing.staging import staged
from households.models import ImportBatch
from households.models.batches import BatchState
from officers.models import Officer
from trail.dates import business_date


@dataclass(frozen=True)
class Outcome:
    """What a run made of a file; `batch` is None when nothing was to be saved."""

    tally: Tally
    warnings: list[Warned]
    report: ErrorReport
    batch: ImportBatch | None = None


def check_file(path: Path, *, by: Officer, year: int, progress: Progress) -> Outcome:
    """Judge every row and write nothing. Raises FileRefused, NotAllowed, Refused."""
    with _reading(path, by=by, year=year) as run:
        run.judge(progress)
        return _outcome(run)


def import_file(path: Path, *, by: Officer, year: int, progress: Progress) -> Outcome:
    """Judge every row, then save every faultless household, as one batch.

    A run that was killed is taken up under its own batch. Raises FileRefused, NotAllowed, Refused.
    """
    with _reading(path, by=by, year=year) as run, _own_batch(path, by=by, year=year) as batch:
        author = author_of(batch)
        run.plan_for(author)
        run.judge(progress)
        run.save(author, progress)
        finish(batch, run)
        return replace(_outcome(run), batch=batch)


@contextmanager
def _reading(path: Path, *, by: Officer, year: int) -> Iterator[Run]:
    posting = require_importer(by)
    require_year(year)
    importer = importer_of(posting.role, posting.division_id)
    with path.open("rb") as file, staged() as staging:
        run = Run(staging, importer, year=year, today=business_date())
        run.read(read_table(file, COMMAND))
        yield run


def _outcome(run: Run) -> Outcome:
    return Outcome(run.tally, run.warnings, report_of(run.staging, run.layout))


@contextmanager
def _own_batch(path: Path, *, by: Officer, year: int) -> Iterator[ImportBatch]:
    """The batch of this file, locked: that of a killed run of the same officer, else a new one."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    same = {"file_sha256": digest, "year": year, "imported_by": by}
    same |= {"division_id": by.acting_division, "role": by.acting_role}
    waiting = ImportBatch.everywhere.filter(**same, state=BatchState.CONFIRMED).order_by("-id")
    with ExitStack() as locks:
        for batch in waiting:
            if locks.enter_context(locked(batch.pk)):
                yield batch
                return
        batch = ImportBatch.everywhere.create(
            **same, file_name=path.name[:200], state=BatchState.CONFIRMED
        )
        locks.enter_context(locked(batch.pk))
        yield batch
