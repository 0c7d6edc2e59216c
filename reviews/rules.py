"""Where a review is cut into chunks, how far households are from the line, how its proof is made.

No Django, no frames; `band` works alike on ints and on integer columns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

LINE_BANDS = 40  # the line × persons is this many bands, so that one is 2.5 % of it
LOWEST_BAND, HIGHEST_BAND = -21, 20
BESIDE_THE_LINE = (-2, -1, 1, 2)
FEWEST_HEAPED = 20


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


def band(net_fen: Any, needed_fen: Any) -> Any:
    """The band in which net income lies, seen from the line × persons: 0 begins at the line.

    Bands are half-open upwards. LOWEST_BAND is all that is more than 50 % below, HIGHEST_BAND all
    that is 50 % or more above. `needed_fen` is above zero.
    """
    place = net_fen * LINE_BANDS // needed_fen - LINE_BANDS
    below, above = (place < LOWEST_BAND) * 1, (place > HIGHEST_BAND) * 1
    return below * LOWEST_BAND + above * HIGHEST_BAND + (1 - below - above) * place


def band_range(text: str) -> tuple[int, int]:
    """Both bands of a filter "low:high"; ValueError unless they are bands in order."""
    low, high = (int(edge) for edge in text.split(":"))
    if not LOWEST_BAND <= low <= high <= HIGHEST_BAND or text != f"{low}:{high}":
        raise ValueError(text)
    return low, high


def percent_hundredths(part: int, whole: int) -> int:
    """`part` of `whole` in hundredths of a percent, halves up; `part` may be below zero."""
    return (part * 20_000 + whole) // (2 * whole)


def distance_hundredths(part: int, whole: int) -> int:
    """The same for a distance: what is not nothing never reads 0, so neither short nor above."""
    rounded = percent_hundredths(part, whole)
    return rounded or (part > 0) - (part < 0)


def borders(keys: Sequence[tuple[str, int]], *, most: int) -> list[tuple[tuple[str, int], int]]:
    """Where to split households, given by (village, id) in order, into at most `most` equal pieces.

    Returns the first household of each piece and how many it holds.
    """
    size = -(-len(keys) // most)
    return [(keys[at], min(size, len(keys) - at)) for at in range(0, len(keys), size or 1)]


def combined(village_hashes: Iterable[tuple[str, str]]) -> str:
    """One sha256 over (village code, hash) in code order: chunk borders leave no mark on it."""
    proof = sha256()
    for code, village_hash in sorted(village_hashes):
        proof.update(f"{code}:{village_hash}\n".encode())
    return proof.hexdigest()


def heaped(counts: Mapping[int, int]) -> tuple[int, int] | None:
    """Households just above the line and the mean of the four bands beside, if they are heaped.

    `counts` are the households by band. Incomes spread evenly around the line; many more just above
    it than beside it are worth a look. None where there are not.
    """
    here = counts.get(0, 0)
    beside = sum(counts.get(place, 0) for place in BESIDE_THE_LINE)
    mean = beside // len(BESIDE_THE_LINE)
    if here - mean < FEWEST_HEAPED or 2 * len(BESIDE_THE_LINE) * here < 3 * beside:
        return None
    return here, mean


def middle_band(counts: Mapping[int, int]) -> int | None:
    """The band of the household in the middle, the lower one of two; None without households."""
    half = (sum(counts.values()) + 1) // 2
    passed = 0
    for place in sorted(counts):
        passed += counts[place]
        if half and passed >= half:
            return place
    return None


def percent(number: int, whole: int) -> str:
    """`number` of `whole` in percent with two places, halves up; empty without a whole."""
    if not whole:
        return ""
    hundredths = percent_hundredths(number, whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
