"""Finding what differs between a copy and the registry, without asking for everything."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry_client.copying import Copy
from registry_client.digests import sum_of
from registry_client.door import Door

VILLAGE_DIGITS = 12


@dataclass(frozen=True)
class Difference:
    """A household that the two hold differently; a digest is empty where it is missing."""

    number: str
    village: str
    ours: str
    theirs: str


def reconcile(door: Door, copy: Copy, *, division: str) -> list[Difference]:
    """The households at or below a division of which copy and registry differ.

    Compares sums of digests of its townships, then of the villages of those that differ, then the
    households of those villages. Pull first: changes that wait are differences, too.
    """
    return list(_differing(door, copy, division))


def _differing(door: Door, copy: Copy, division: str) -> Iterator[Difference]:
    answer = door.get("sync/totals/", division=division)
    division = answer["division"]  # as the registry codes it: padded with zeros it names no village
    theirs = {row["code"]: row for row in answer["results"]}
    if len(division) == VILLAGE_DIGITS:
        yield from _households(copy, division, theirs)
        return
    width = max(map(len, theirs), default=VILLAGE_DIGITS)
    ours: dict[str, list[int]] = defaultdict(list)
    for village, _, digest in copy.households(division):
        ours[village[:width]].append(digest)
    for code in sorted(theirs.keys() | ours.keys()):
        there = theirs[code]["hash"] if code in theirs else sum_of(())
        if sum_of(ours.get(code, ())) != there:
            yield from _differing(door, copy, code)


def _households(copy: Copy, village: str, theirs: dict[str, Any]) -> Iterator[Difference]:
    ours = {number: sum_of([digest]) for _, number, digest in copy.households(village)}
    for number in sorted(ours.keys() | theirs.keys()):
        here = ours.get(number, "")
        there = theirs[number]["hash"] if number in theirs else ""
        if here != there:
            yield Difference(number, village, here, there)
