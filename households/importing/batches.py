"""The life of a batch in the browser: uploaded, judged, confirmed, saved. Each step is resumable.

Whoever works on a batch holds its advisory lock, which ends with the database session: a killed
worker's batch is free at once, and `unfinished` names it to the sweep.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from households.importing import store
from households.importing.importers import author_of, importer_of, require_importer, require_year
from households.importing.judging import Verdict
from households.importing.people import HEAD
from households.importing.reader import BROWSER, FileRefused, read_table
from households.importing.report import packed, report_of
from households.importing.resting import changes_by
from households.importing.run import Run
from households.importing.staging import staged
from households.models import Household, ImportBatch, Member, Survey
from households.models.batches import BatchState
from officers.models import Officer
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused

ATTEMPTS = 3
LOCK_SPACE = 7207  # of advisory locks: imports; the second number is the batch
PREVIEWED = 20
OVERDUE = timedelta(seconds=60)
WORKING = (BatchState.UPLOADED, BatchState.CONFIRMED)


@transaction.atomic
def upload(*, by: Officer, year: int, file_name: str, content: bytes) -> ImportBatch:
    """Keep an uploaded file, sealed, as a batch that waits to be judged.

    Raises NotAllowed for everybody but importers, Refused for an impossible year.
    """
    posting = require_importer(by)
    require_year(year)
    batch = ImportBatch.everywhere.create(
        division_id=posting.division_id,
        year=year,
        file_name=PurePath(file_name).name[:200],
        file_sha256=sha256(content).hexdigest(),
        imported_by=by,
        role=posting.role,
    )
    record(by=by, action="upload_file", subject=batch, division=batch.division_id)
    store.keep_file(content, batch=batch.uuid, kind=store.UPLOAD)
    return batch


@transaction.atomic
def confirm(batch: ImportBatch, *, by: Officer) -> ImportBatch:
    """Let a judged batch be saved. Only its uploader may, while he may still import there.

    Raises NotAllowed, and Refused when the batch is not (or no longer) waiting for this.
    """
    batch = ImportBatch.everywhere.select_for_update().get(pk=batch.pk)
    posting = require_importer(by)
    if (by.pk, posting.role, posting.division_id) != (
        batch.imported_by_id,
        batch.role,
        batch.division_id,
    ):
        raise NotAllowed(_("Only the officer who uploaded the file can save it."))
    if batch.state != BatchState.JUDGED:
        raise Refused(_("This file is not waiting to be saved."), code="not_waiting")
    batch.state, batch.attempts, batch.rows_done = BatchState.CONFIRMED, 0, 0
    batch.save(update_fields=["state", "attempts", "rows_done"])
    record(by=by, action="confirm_import", subject=batch, division=batch.division_id)
    return batch


def judge_batch(batch_id: int) -> None:
    """Judge an uploaded batch and keep what was found. Does nothing when another already does."""
    with claimed(batch_id, BatchState.UPLOADED) as batch:
        if batch is None:
            return
        with _run_over(batch) as run:
            if run:
                run.judge(_told_to(batch))
                _keep_findings(batch, run, _preview(run))
                _advance(batch, BatchState.JUDGED, counts=run.tally.counts())


def save_batch(batch_id: int) -> None:
    """Save a confirmed batch. Households saved before a kill come out as unchanged."""
    with claimed(batch_id, BatchState.CONFIRMED) as batch:
        if batch is None:
            return
        with _run_over(batch) as run:
            if run:
                author = author_of(batch)
                run.plan_for(author)
                run.judge()
                first = _preview(run)
                run.save(author, _told_to(batch))
                _keep_findings(batch, run, first)
                finish(batch, run)


@transaction.atomic
def finish(batch: ImportBatch, run: Run) -> None:
    """Mark the batch saved, with its counts, and leave a trace."""
    counts = saved_counts(batch, run.tally.counts())
    _advance(batch, BatchState.SAVED, counts=counts, saved_at=Now())
    record(
        by=batch.imported_by,
        action="save_import",
        subject=batch,
        division=batch.division_id,
        after=counts,
    )


def saved_counts(batch: ImportBatch, counts: dict[str, int]) -> dict[str, int]:
    """`counts` after what the batch's rows say: a try after a kill finds them as unchanged."""
    touched = changes_by(batch)
    new = Household.everywhere.filter(batch=batch).count()
    changed = touched.filter(before__isnull=False).values("subject_id").distinct().count()
    faultless = sum(counts.get(kind, 0) for kind in ("new", "changed", "unchanged"))
    return counts | {
        "new": new,
        "changed": changed,
        "unchanged": max(faultless - new - changed, 0),
        "members": Member.objects.filter(batch=batch).count(),
        "surveys": Survey.objects.filter(batch=batch).count(),
    }


def unfinished() -> list[ImportBatch]:
    """Browser batches that somebody should be working on for more than OVERDUE."""
    waiting = ImportBatch.everywhere.filter(
        state__in=WORKING, created_at__lt=Now() - OVERDUE
    ).order_by("id")
    return [batch for batch in waiting if store.is_kept(batch=batch.uuid)]


@contextmanager
def locked(batch_id: int) -> Iterator[bool]:
    """Whether this session alone now works on the batch; it ends with the session at the latest."""
    key = [LOCK_SPACE, batch_id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        won = bool(cursor.fetchone()[0])
    try:
        yield won
    finally:
        if won and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def locked_to_the_end(batch_id: int) -> bool:
    """Whether this transaction alone now works on the batch; it does until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, batch_id])
        return bool(cursor.fetchone()[0])


@contextmanager
def claimed(batch_id: int, state: str) -> Iterator[ImportBatch | None]:
    """The batch, when it is in `state` and nobody else works on it; given up after ATTEMPTS."""
    with locked(batch_id) as won:
        batch = ImportBatch.everywhere.filter(pk=batch_id, state=state).first() if won else None
        if batch and batch.attempts >= ATTEMPTS:
            refuse(batch, FileRefused("gave_up"))
            batch = None
        if batch:
            ImportBatch.everywhere.filter(pk=batch_id).update(attempts=F("attempts") + 1)
        yield batch


def refuse(batch: ImportBatch, why: FileRefused) -> None:
    """Close a batch whose file cannot be read; what was saved of it stays, to be withdrawn."""
    note = {"code": why.code, "params": why.params}
    if not changes_by(batch).exists():
        _advance(batch, BatchState.REFUSED, refused=note)
        return
    counts = saved_counts(batch, batch.counts)
    _advance(batch, BatchState.SAVED, counts=counts, refused=note, saved_at=Now())


def _advance(batch: ImportBatch, state: str, **fields: Any) -> None:
    ImportBatch.everywhere.filter(pk=batch.pk).update(state=state, **fields)


@contextmanager
def _run_over(batch: ImportBatch) -> Iterator[Run | None]:
    """The kept file read and staged, or None after the batch was refused."""
    content = store.kept_file(batch=batch.uuid, kind=store.UPLOAD)
    with staged() as staging:
        importer = importer_of(batch.role, batch.division_id)
        run = Run(staging, importer, year=batch.year, today=business_date())
        try:
            if content is None:
                raise FileRefused("gone")
            run.read(read_table(BytesIO(content), BROWSER))
        except FileRefused as refused:
            refuse(batch, refused)
            yield None
        else:
            yield run


def _told_to(batch: ImportBatch) -> Any:
    """Progress that the batch's page shows."""

    def progress(phase: str, done: int, total: int) -> None:
        counts = batch.counts | {"rows": total}
        ImportBatch.everywhere.filter(pk=batch.pk).update(rows_done=done, counts=counts)

    return progress


def _preview(run: Run) -> list[dict[str, Any]]:
    """The first households as they were judged: after saving, all of them would be unchanged."""
    kinds = run.staging.verdicts()
    return [_previewed(one, kinds[one.filed.number]) for one in run.preview(PREVIEWED)]


def _keep_findings(batch: ImportBatch, run: Run, first: list[dict[str, Any]]) -> None:
    findings = {
        "first": first,
        "warning_counts": dict(run.tally.warnings),
        "warnings": [[one.record, one.code, one.params] for one in run.warnings],
        "report": packed(report_of(run.staging, run.layout)),
    }
    store.keep_findings(findings, batch=batch.uuid)


def _previewed(verdict: Verdict, kind: str) -> dict[str, Any]:
    """A household as the preview lists it."""
    heads = [
        values["name"] for values in verdict.people.active_values() if values["relation"] == HEAD
    ]
    return {
        "number": verdict.filed.number,
        "village": verdict.filed.values.get("village_code", ""),
        "head": heads[0] if heads else "",
        "persons": len(verdict.people.active_values()),
        "kind": kind,
    }
