"""What an upload holds, read part by part and unpacked on the way: it lies nowhere in clear."""

import io
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange import upload_store
from exchange.models import Upload
from exchange.stream import GZIP
from households.importing.reader import MEGABYTE, FileRefused

LONGEST_LINE = 1024 * 1024
MOST_LINES = 10_000_000
MOST_UNPACKED = 8 * 1024**3
MOST_TABLE_MEGABYTES = 1024
"""Of a table, unpacked: it is sorted by household before anything of it is taken in."""

FAULTS = {
    "digest_differs": _("The parts do not make the file that the digest names. Send it anew."),
    "parts_gone": _("The parts were removed, being too old. Send the file anew."),
    "not_gzip": _("The file cannot be unpacked with gzip, or ends too early. Pack it anew."),
    "line_too_long": _("A line has more than 1 MiB. Give each household a line of its own."),
    "too_many_lines": _("The file has more than 10,000,000 lines. Send it in several uploads."),
    "unpacked_too_large": _(
        "The file has more than 8 GiB when it is unpacked. Send it in several uploads."
    ),
    "no_room": _(
        "Your parts that wait, and your reports of 30 days, have at most 32 GiB. Mend what most"
        " households are rejected for, then send the rest in a new upload."
    ),
    "workbook": _("This is a workbook. Save its sheet as “CSV UTF-8” and send that."),
    "no_key": _("The key that opened the upload opens nothing any more. Use another one."),
    "told_enough": _(
        "Too many of the persons are on record outside of your posting. Look through the report"
        " with the county, then send the rest in a new upload tomorrow."
    ),
    "lapsed": _("The upload stayed open for 30 days and is over. Open a new one."),
    "given_up": _("The file could not be processed. Tell the operator."),
}
"""What stops an upload beside what stops any file (`importing.reasons.FILES`), by code."""


class Broken(FileRefused):
    """What was sent cannot be taken in; `code` says why."""

    def __str__(self) -> str:
        return str(FAULTS[self.code])


def is_whole(upload: Upload) -> bool:
    """Whether the parts make the file whose digest its sender gave. Raises Broken."""
    digest = sha256()
    for block in _blocks(upload):
        digest.update(block)
    return digest.hexdigest() == upload.sha256


def refuse_large(upload: Upload) -> None:
    """Raises Broken for a file that unpacks into more than a worker and a report should hold."""
    size = count = 0
    for block in _unpacked(upload):
        size += len(block)
        count += block.count(b"\n")
        if size > MOST_UNPACKED:
            raise Broken("unpacked_too_large")
        if count > MOST_LINES:
            raise Broken("too_many_lines")


def lines(upload: Upload) -> Iterator[bytes]:
    """The lines of the file that say something, without the mark of UTF-8. Raises Broken."""
    found = map(bytes.strip, _lines(upload))
    first = next(found, b"").removeprefix(BOM_UTF8).strip()
    yield from filter(None, chain([first], found))


def _lines(upload: Upload) -> Iterator[bytes]:
    rest = b""
    for block in _unpacked(upload):
        *found, rest = (rest + block).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise Broken("line_too_long")
        yield from found
    yield rest


class Content(io.RawIOBase):
    """The file, unpacked, to be read from its beginning as often as need be. Raises Broken."""

    def __init__(self, upload: Upload):
        self._upload = upload
        self._found = _unpacked(upload)
        self._rest = memoryview(b"")
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """To the beginning, or nowhere."""
        if (offset, whence) == (0, io.SEEK_SET):
            self._found = _unpacked(self._upload)
            self._rest, self._place = memoryview(b""), 0
        elif (offset, whence) != (0, io.SEEK_CUR):
            raise io.UnsupportedOperation
        return self._place

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer with what comes next; 0 at the end."""
        while not self._rest:
            block = next(self._found, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        self._place += size
        if self._place > MOST_TABLE_MEGABYTES * MEGABYTE:
            raise FileRefused("too_large", limit=MOST_TABLE_MEGABYTES)
        return size


def _blocks(upload: Upload) -> Iterator[bytes]:
    for number in range(1, upload.parts + 1):
        try:
            yield upload_store.part_of(upload=upload.uuid, number=number)
        except FileNotFoundError:
            raise Broken("parts_gone") from None


def _unpacked(upload: Upload) -> Iterator[bytes]:
    if not upload.is_packed:
        yield from _blocks(upload)
        return
    engine = zlib.decompressobj(GZIP)
    try:
        for block in _blocks(upload):
            while block:
                if engine.eof:  # one file of gzip behind another is one file, as gzip reads it
                    engine = zlib.decompressobj(GZIP)
                yield engine.decompress(block, LONGEST_LINE)
                block = engine.unconsumed_tail or engine.unused_data
    except zlib.error:
        raise Broken("not_gzip") from None
    if not engine.eof:
        raise Broken("not_gzip")
