"""A body of many households, read one by one: unpacked, decoded and parsed as it goes.

As a document `{"households": [{…}, …]}`, or as lines with an object each (NDJSON).
"""

import codecs
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trail import plain_json
from trail.api import SHAPES, ApiFault, Faulty, escaped
from trail.errors import Refused

DOCUMENT, LINES = "application/json", "application/x-ndjson"
CODINGS = ("identity", "gzip")
LIST = "households"
BLOCK = 64 * 1024
LONGEST = 1024 * 1024
"""Characters of one household at most."""

DEEPEST = plain_json.DEEPEST - 2
"""Levels within one household: the list and the document around it are two."""

GZIP = zlib.MAX_WBITS | 16
SPACE = " \t\n\r"


class TooLarge(Refused):
    """The body, unpacked, is beyond the limit (413)."""

    status = 413
    code = "too_large"

    def __init__(self, limit: int) -> None:
        text = _("The body, unpacked, has at most %(limit)s MiB. Send it in parts.")
        super().__init__(text % {"limit": limit // (1024 * 1024)})


class Unreadable(Refused):
    """The body is no JSON of this door (400)."""

    status = 400
    code = "unreadable"

    def __init__(self) -> None:
        super().__init__(
            _("Send JSON in UTF-8: no name twice in an object, no NaN, at most 8 levels deep.")
        )


class CutShort(Refused):
    """The line broke within the body (400): what came over may look whole."""

    status = 400
    code = "unreadable"

    def __init__(self) -> None:
        super().__init__(_("The body ended before its stated length. Send it again."))


class UnknownEncoding(Refused):
    """The body is packed in a way that is not unpacked here (415)."""

    status = 415
    code = "encoding_unknown"

    def __init__(self) -> None:
        super().__init__(_("Send the body as it is, or packed with gzip."))


class Broken:
    """In place of a line that cannot be read; the others stand."""


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class WholeBody:
    """A request's body as it comes in; cut short is one that ends before its stated length.

    A line that breaks between two lines of households would else leave a valid body.
    """

    def __init__(self, request: HttpRequest):
        self.request = request
        self.missing = int(request.META.get("CONTENT_LENGTH") or 0)

    def read(self, size: int, /) -> bytes:
        """The next bytes, `size` at most; none at the end. Raises CutShort."""
        block = self.request.read(size)
        self.missing -= len(block)
        if not block and self.missing > 0:
            raise CutShort
        return block


def whole(request: HttpRequest) -> bytes:
    """The body byte for byte. Raises CutShort."""
    return b"".join(_plain(WholeBody(request)))


def unpacked(source: Source, coding: str, *, limit: int) -> bytes:
    """The whole body, of at most `limit` bytes when it is unpacked.

    Raises TooLarge, Unreadable, UnknownEncoding, and what `source` raises.
    """
    if coding not in ("", *CODINGS):
        raise UnknownEncoding
    found = bytearray()
    for block in _gunzipped(source, limit) if coding == "gzip" else _plain(source):
        found += block
        if len(found) > limit:
            raise TooLarge(limit)
    return bytes(found)


def _plain(source: Source) -> Iterator[bytes]:
    while block := source.read(BLOCK):
        yield block


def _gunzipped(source: Source, limit: int) -> Iterator[bytes]:
    """Unpacked block by block, so that a small body cannot become a huge one."""
    engine = zlib.decompressobj(GZIP)
    try:
        for block in _plain(source):
            if engine.eof:
                raise Unreadable
            while block:
                yield engine.decompress(block, limit)
                block = engine.unconsumed_tail
    except zlib.error:
        raise Unreadable from None
    if not engine.eof or engine.unused_data:
        raise Unreadable


def items(content: bytes, media_type: str, *, most: int) -> Iterator[Any]:
    """Each household of a body as JSON, at most `most`. Raises Unreadable, Faulty."""
    found = _of_lines(content) if media_type == LINES else _of_document(content)
    for place, item in enumerate(found):
        if place == most:
            raise _faulty("out_of_range", f"/{LIST}" if media_type == DOCUMENT else "")
        if not isinstance(item, dict | Broken):
            raise _faulty("wrong_type", f"/{LIST}/{place}")
        yield item


def _faulty(code: str, pointer: str) -> Faulty:
    return Faulty([ApiFault(code, str(SHAPES[code]), pointer)])


def _of_lines(content: bytes) -> Iterator[Any]:
    begin = 0
    while begin < len(content):
        end = content.find(b"\n", begin)
        end = len(content) if end < 0 else end
        if line := content[begin:end].strip():
            yield item_of(line)
        begin = end + 1


def item_of(line: bytes) -> Any:
    """The household of a line; Broken where there is none."""
    try:
        found = plain_json.read(line.decode(), deepest=DEEPEST)
    except ValueError:
        return Broken()
    return found if isinstance(found, dict) else Broken()


def _of_document(content: bytes) -> Iterator[Any]:
    text = Text(content)
    try:
        yield from _households(text)
        if text.sign():
            raise Unreadable
    except (ValueError, RecursionError):
        raise Unreadable from None


def _households(text: "Text") -> Iterator[Any]:
    if text.sign() != "{":
        text.value()
        raise _faulty("wrong_type", "")
    text.skip()
    if text.sign() == "}":
        raise _faulty("required", f"/{LIST}")
    _name(text)
    if text.sign() != "[":
        text.value()
        raise _faulty("wrong_type", f"/{LIST}")
    text.skip()
    yield from _list(text)
    if text.sign() == ",":
        text.skip()
        _name(text)
        raise Unreadable
    text.skip("}")


def _name(text: "Text") -> None:
    name = text.value()
    if not isinstance(name, str):
        raise Unreadable
    if name != LIST:
        raise _faulty("unknown_field", f"/{escaped(name)}")
    text.skip(":")


def _list(text: "Text") -> Iterator[Any]:
    if text.sign() == "]":
        text.skip()
        return
    while True:
        yield text.value()
        if text.sign() != ",":
            break
        text.skip()
    text.skip("]")


class Text:
    """A body that is decoded block by block; what was read of it is forgotten."""

    def __init__(self, content: bytes):
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.content = content
        self.place = 0
        self.text = ""

    def more(self) -> bool:
        """Decode the next block; False at the end."""
        if self.place >= len(self.content):
            return False
        block = self.content[self.place : self.place + BLOCK]
        self.place += len(block)
        self.text += self.decoder.decode(block, final=self.place >= len(self.content))
        return True

    def sign(self) -> str:
        """The next character that is no space, which stays; "" at the end."""
        while True:
            self.text = self.text.lstrip(SPACE)
            if self.text or not self.more():
                return self.text[:1]

    def skip(self, expected: str = "") -> None:
        """Pass over the next character. Raises Unreadable when another one is expected."""
        if not (sign := self.sign()) or (expected and sign != expected):
            raise Unreadable
        self.text = self.text[1:]

    def value(self) -> Any:
        """The next value. Raises ValueError."""
        self.sign()
        while True:
            try:
                found, end = plain_json.DECODER.raw_decode(self.text)
                break
            except plain_json.Odd:
                raise
            except ValueError:
                if len(self.text) > LONGEST or not self.more():
                    raise
        self.text = self.text[end:]
        plain_json.check(found, DEEPEST)
        return found
