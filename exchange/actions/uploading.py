"""Uploads: opened, sent in parts, closed, and taken in chunk by chunk; each step is resumable.

A chunk is written in one transaction with the count of its lines, so that a worker that is killed
loses what it had not committed and nothing else.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from exchange import upload_store
from exchange.actions.pushing import push_items
from exchange.actions.upload_room import NoRoom, refuse_full, refuse_many
from exchange.items import Item, ItemReader
from exchange.models import Push, Upload, UploadPart, UploadState
from exchange.results import result_json
from exchange.rules import Packing, Way
from exchange.stream import item_of
from exchange.table import read_items
from exchange.uploaded import Broken, Content, is_whole, lines, refuse_large
from households.importing.reader import FileRefused
from officers.actions import ToldEnough, keep_told, note_told, refuse_told_enough
from officers.models import ClientKey, Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.errors import NotAllowed, Refused

ITEMS_AT_ONCE = 1_000
BYTES_AT_ONCE = 8 * 1024**2
MOST_PARTS = 1_000
MOST_BYTES = 4 * 1024**3
ATTEMPTS = 3
LOCK_SPACE = 7211  # of advisory locks: uploads; the second number is the upload

Weighed = tuple[Item, int]
"""A household, and how many bytes its line has; 0 of a table, whose households are small."""


@transaction.atomic
def open_upload(
    *, packing: Packing, form: str, year: int | None, key: ClientKey, by: Officer
) -> Upload:
    """Begin an upload; `year` is the one that a table speaks of, None for lines.

    Its report is written in the active language. Raises NotAllowed for anybody but a machine
    client, TooManyUploads.
    """
    require(by, Role.MACHINE_CLIENT)
    refuse_many(key.client_id)
    upload = Upload.objects.create(
        client_id=key.client_id,
        prefix=key.prefix,
        is_packed=packing == Packing.GZIP,
        form=form,
        year=year,
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )
    record(by=by, action="open_upload", subject=upload, division=by.acting_division)
    return upload


@transaction.atomic
def keep_part(upload: Upload, number: int, content: bytes) -> UploadPart:
    """Keep a part; the same one again keeps nothing new.

    Raises Refused when the upload takes no parts any more (`upload_closed`), when another part has
    the number (`part_differs`), when there would be too many or too much (`upload_too_large`);
    NoRoom.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    digest = sha256(content).hexdigest()
    known = upload.received.filter(number=number).first()
    if known is not None and known.sha256 == digest:
        return known
    if known is not None:
        raise Refused(
            _("Another part was sent under this number. Open a new upload."), code="part_differs"
        )
    _refuse_closed(upload)
    size = upload.received.aggregate(size=Sum("size"))["size"] or 0
    if number > MOST_PARTS or size + len(content) > MOST_BYTES:
        raise Refused(
            _("An upload has at most 1,000 parts and 4 GiB. Send the rest in another one."),
            code="upload_too_large",
        )
    refuse_full(upload.client_id, len(content))
    upload_store.keep_part(content, upload=upload.uuid, number=number)
    return upload.received.create(number=number, size=len(content), sha256=digest)


@transaction.atomic
def close_upload(upload: Upload, *, parts: int, digest: str, by: Officer) -> Upload:
    """Let a whole upload be taken in; closed with the same words again it stays as it is.

    Raises Refused when parts are missing (`parts_missing`), or for one that was closed otherwise.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != UploadState.OPEN and (upload.parts, upload.sha256) == (parts, digest):
        return upload
    _refuse_closed(upload)
    numbers = set(upload.received.values_list("number", flat=True))
    missing = sorted(set(range(1, parts + 1)) - numbers)
    if missing or len(numbers) != parts:
        listed = ", ".join(map(str, missing[:10])) or "–"
        raise Refused(
            _("Parts are missing or too many. Missing: %(parts)s.") % {"parts": listed},
            code="parts_missing",
        )
    upload.state, upload.parts, upload.sha256 = UploadState.WAITING, parts, digest
    upload.save(update_fields=["state", "parts", "sha256"])
    record(
        by=by,
        action="close_upload",
        subject=upload,
        division=by.acting_division,
        after={"parts": parts, "sha256": digest},
    )
    return upload


def take_in(upload_id: int) -> list[int]:
    """Take in what waits of an upload; returns the pushes that were made.

    Does nothing when another worker does.
    """
    with _claimed(upload_id) as upload:
        if upload is None:
            return []
        if upload.attempts > ATTEMPTS:
            _fail(upload, "given_up")
            return []
        return _taken_in(upload)


def unfinished() -> list[int]:
    """Uploads that wait for a worker."""
    waiting = Upload.objects.filter(state=UploadState.WAITING)
    return [*waiting.order_by("pk").values_list("pk", flat=True)]


def _taken_in(upload: Upload) -> list[int]:
    pushes: list[int] = []
    try:
        if not upload.lines_done:
            _refuse_unfit(upload)
        with translation.override(upload.language), _items(upload) as items:
            for chunk in _chunks(items):
                pushes.append(_take_chunk(upload, chunk).pk)
    except FileRefused as refused:
        _fail(upload, refused.code, **refused.params)
    except NotAllowed:
        _fail(upload, "no_key")
    except NoRoom as refused:
        _fail(upload, refused.code)
    except ToldEnough as refused:
        _keep_told(upload, refused.outside)
        _fail(upload, refused.code)
    else:
        Upload.objects.filter(pk=upload.pk).update(state=UploadState.DONE, finished_at=Now())
        upload_store.drop_parts(upload=upload.uuid)
    return pushes


def _refuse_unfit(upload: Upload) -> None:
    """Raises Broken before anything is taken in."""
    if not is_whole(upload):
        raise Broken("digest_differs")
    refuse_large(upload)


def _chunks(items: Iterable[Weighed]) -> Iterator[list[Item]]:
    """What is taken in together: so many, and of so many bytes, that a worker holds them."""
    chunk: list[Item] = []
    size = 0
    for item, weight in items:
        if chunk and (len(chunk) == ITEMS_AT_ONCE or size + weight > BYTES_AT_ONCE):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += weight
    if chunk:
        yield chunk


@contextmanager
def _items(upload: Upload) -> Iterator[Iterator[Weighed]]:
    """The households that are not taken in yet: of a table, which speaks of a year, or of lines."""
    if upload.year is None:
        yield _of_lines(upload)
        return
    with read_items(Content(upload), year=upload.year) as table:
        upload.unknown = [*table.unknown]
        yield ((item, 0) for item in _behind(table.items, upload.lines_done))


def _of_lines(upload: Upload) -> Iterator[Weighed]:
    reader = ItemReader()
    rest = islice(lines(upload), upload.lines_done, None)
    for place, line in enumerate(rest, upload.lines_done):
        yield reader.read(place, item_of(line)), len(line)


def _behind(items: Iterable[Item], done: int) -> Iterator[Item]:
    """The items behind the first `done` lines: their order depends on the file alone."""
    passed = 0
    for item in items:
        if passed >= done:
            yield item
        passed += item.lines


@transaction.atomic
def _take_chunk(upload: Upload, chunk: list[Item]) -> Push:
    key = _live_key(upload)
    refuse_told_enough(key)
    pushed = push_items(chunk, way=Way.UPLOAD, key=key, by=key.client.officer)
    note_told(key, pushed.outside, by=key.client.officer)
    told = [result_json(one) for one in pushed.results]
    upload.pieces += 1
    size = upload_store.keep_piece(told, upload=upload.uuid, number=upload.pieces)
    refuse_full(upload.client_id, size)
    upload.report_bytes += size
    upload.lines_done += sum(one.lines for one in chunk)
    upload.counts = Counter(upload.counts) + Counter(one["result"] for one in told)
    upload.attempts = 0
    upload.worked_at = timezone.now()
    upload.save(
        update_fields=[
            "pieces", "report_bytes", "lines_done", "counts", "attempts", "worked_at", "unknown",
        ]
    )  # fmt: skip
    return pushed.push


def _live_key(upload: Upload) -> ClientKey:
    """The key that opened the upload. Raises NotAllowed when it opens nothing any more."""
    live = ClientKey.objects.live(timezone.now()).select_related("client__officer")
    key = live.filter(prefix=upload.prefix).first()
    if key is None:
        raise NotAllowed(_("This key opens nothing any more."), code="dead_key")
    return key


def _keep_told(upload: Upload, outside: Collection[str]) -> None:
    """Count of whom a chunk would have told: it is undone, and its count with it."""
    key = ClientKey.objects.select_related("client__officer").get(prefix=upload.prefix)
    keep_told(key, outside, by=key.client.officer)


def _fail(upload: Upload, code: str, **params: Any) -> None:
    note = {"state": UploadState.FAILED, "fault": code, "fault_params": params}
    Upload.objects.filter(pk=upload.pk).update(**note, finished_at=Now())
    upload_store.drop_parts(upload=upload.uuid)


def _refuse_closed(upload: Upload) -> None:
    if upload.state != UploadState.OPEN:
        raise Refused(
            _("The upload is closed and takes nothing more. Open a new one."), code="upload_closed"
        )


@contextmanager
def _claimed(upload_id: int) -> Iterator[Upload | None]:
    """The waiting upload under its lock, which ends with the session; None for anybody else.

    Each try is counted before it begins, so that what kills its worker is given up in the end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, upload_id])
        is_ours = cursor.fetchone()[0]
    if not is_ours:
        yield None
        return
    try:
        upload = Upload.objects.filter(pk=upload_id, state=UploadState.WAITING).first()
        if upload is not None:
            upload.attempts += 1
            upload.save(update_fields=["attempts"])
        yield upload
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, upload_id])
