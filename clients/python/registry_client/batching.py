"""Lines of households cut into bodies that the registry takes."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

MOST_HOUSEHOLDS = 1_000
MOST_BYTES = 7 * 1024 * 1024
"""Below the 8 MiB that the registry takes."""

BROKEN = b"{"
"""Sent in place of a line that no body holds: the registry rejects it alone, as a broken line."""


@dataclass
class Batch:
    """Households one a line, and the place of each where they come from, blank lines counted."""

    lines: list[bytes] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return b"\n".join(self.lines)


def batches(lines: Iterable[bytes], *, start: int = 0) -> Iterator[Batch]:
    """The lines from the place `start` on, without the blank ones and the mark of UTF-8.

    How they are cut depends on them alone: what begins behind a batch is cut as before.
    """
    batch, size = Batch(), 0
    for place, line in enumerate(islice(lines, start, None), start):
        text = (line if place else line.removeprefix(BOM_UTF8)).strip()
        if not text:
            continue
        text = text if len(text) < MOST_BYTES else BROKEN
        if batch.lines and (len(batch.lines) == MOST_HOUSEHOLDS or size + len(text) > MOST_BYTES):
            yield batch
            batch, size = Batch(), 0
        batch.lines.append(text)
        batch.places.append(place)
        size += len(text) + 1
    if batch.lines:
        yield batch
