"""Where a review is cut into chunks, and how its proof is put together. No Django, no frames."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Range:
    """Division codes from `low` up to, not including, `high`, and the households there."""

    low: str
    high: str
    households: int


def cut(counts: Sequence[tuple[str, int]], *, low: str, high: str, most: int) -> list[Range]:
    """Contiguous ranges of at most `most` households that together cover `low` to `high`.

    `counts` are the households of each division that is not to be divided, in code order. One of
    them that alone holds more than `most` has a range of its own. Gaps between the divisions belong
    to the range before them, so that a household that comes later falls into exactly one range.
    """
    starts: list[str] = []
    sizes: list[int] = []
    for code, households in counts:
        if not starts or sizes[-1] + households > most:
            starts.append(code)
            sizes.append(0)
        sizes[-1] += households
    borders = [low, *starts[1:], high]
    return [Range(borders[place], borders[place + 1], size) for place, size in enumerate(sizes)]


def combined(village_hashes: Iterable[tuple[str, str]]) -> str:
    """One sha256 over (village code, hash) in code order: chunk borders leave no mark on it."""
    proof = sha256()
    for code, village_hash in sorted(village_hashes):
        proof.update(f"{code}:{village_hash}\n".encode())
    return proof.hexdigest()
