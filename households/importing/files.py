"""The command's way: a file of any size, judged and saved in one go."""

from collections.abc import Callable
from dataclasses import dataclass
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
from officers.models import Officer, Posting
from trail.dates import business_date


@dataclass(frozen=True)
class Outcome:
    """What a run made of a file."""

    tally: Tally
    warnings: list[Warned]
    report: ErrorReport


def check_file(path: Path, *, by: Officer, year: int, progress: Progress) -> Outcome:
    """Judge every row and write nothing. Raises FileRefused, NotAllowed, Refused."""
    return _over(path, by, year, progress, _nothing)


def import_file(path: Path, *, by: Officer, year: int, progress: Progress) -> Outcome:
    """Judge every row, then save every faultless household, as one batch.

    A run that was killed is taken up under its own batch. Raises FileRefused, NotAllowed, Refused.
    """
    return _over(path, by, year, progress, _save)


def _over(
    path: Path,
    by: Officer,
    year: int,
    progress: Progress,
    then: Callable[[Run, ImportBatch, Progress], None],
) -> Outcome:
    posting = require_importer(by)
    require_year(year)
    importer = importer_of(posting.role, posting.division_id)
    with path.open("rb") as file, staged() as staging:
        run = Run(staging, importer, year=year, today=business_date())
        run.read(read_table(file, COMMAND))
        run.judge(progress)
        then(run, _batch(path, by, posting, year), progress)
        return Outcome(run.tally, run.warnings, report_of(staging, run.layout))


def _nothing(run: Run, batch: ImportBatch, progress: Progress) -> None:
    """What a dry run does after judging."""


def _save(run: Run, batch: ImportBatch, progress: Progress) -> None:
    unfinished = ImportBatch.everywhere.filter(
        file_sha256=batch.file_sha256,
        year=batch.year,
        imported_by=batch.imported_by,
        division=batch.division_id,
        state=BatchState.CONFIRMED,
    ).order_by("-id")
    if any(_save_as(run, earlier, progress) for earlier in unfinished):
        return
    batch.save()
    _save_as(run, batch, progress)


def _save_as(run: Run, batch: ImportBatch, progress: Progress) -> bool:
    """Save under `batch` unless somebody else does this moment; returns whether it was saved."""
    with locked(batch.pk) as won:
        if won:
            run.save(author_of(batch), progress)
            finish(batch, run)
    return won


def _batch(path: Path, by: Officer, posting: Posting, year: int) -> ImportBatch:
    """A batch of this file, not saved."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return ImportBatch(
        division_id=posting.division_id,
        year=year,
        file_name=path.name[:200],
        file_sha256=digest,
        state=BatchState.CONFIRMED,
        imported_by=by,
        role=posting.role,
    )
