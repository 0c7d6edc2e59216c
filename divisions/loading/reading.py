"""The files of a tree: provinces, cities, areas (counties), streets (townships), villages.

UTF-8 with or without a byte order mark, .csv or .csv.gz. The first fault stops the reading: a tree
with a fault in it is not an official list.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from divisions.models import DIGITS, Level
from divisions.rules import (
    GB_2260_PROVINCES,
    township_is_out_of_class,
    village_is_out_of_class,
)

LONGEST_NAME = 100
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
ABOVE = {
    "provinceCode": DIGITS[Level.PROVINCE],
    "cityCode": DIGITS[Level.CITY],
    "areaCode": DIGITS[Level.COUNTY],
    "streetCode": DIGITS[Level.TOWNSHIP],
}
"""Columns that name a division above, and the digits of its code."""

LISTS: dict[str, tuple[Level, tuple[str, ...]]] = {
    "provinces": (Level.PROVINCE, ()),
    "cities": (Level.CITY, ("provinceCode",)),
    "areas": (Level.COUNTY, ("cityCode", "provinceCode")),
    "streets": (Level.TOWNSHIP, ("areaCode", "cityCode", "provinceCode")),
    "villages": (Level.VILLAGE, ("streetCode", "areaCode", "cityCode", "provinceCode")),
}
CLASS_CHECKS: dict[Level, Callable[[str], bool]] = {
    Level.TOWNSHIP: township_is_out_of_class,
    Level.VILLAGE: village_is_out_of_class,
}


class FaultyFile(Exception):
    """A file of the tree cannot be used; the message names the file and, where known, the line."""

    def __init__(self, path: Path, fault: str, *, line: int = 0):
        place = f"{path.name}, line {line}" if line else str(path)
        super().__init__(f"{place}: {fault}")


@dataclass
class ListFile:
    """One file of one level. `codes` and `out_of_class` are known once `rows` is exhausted."""

    path: Path
    level: Level
    columns_above: tuple[str, ...]
    codes: set[str] = field(default_factory=set)
    out_of_class: int = 0

    def sha256(self) -> str:
        """The digest of the file as it lies there, compressed or not."""
        return sha256(self.path.read_bytes()).hexdigest()

    def rows(self, parents: set[str]) -> Iterator[tuple[str, str]]:
        """(code, name) of each line, judged. Raises FaultyFile at the first fault.

        `parents` are the codes one level up; of provinces, the province digits that exist.
        """
        lines = records(self.path, ("code", "name", *self.columns_above))
        digits = DIGITS[self.level]
        natural = re.compile(rf"[0-9]{{{digits}}}")
        parent_digits = DIGITS[Level(max(self.level - 1, Level.PROVINCE))]
        above = [ABOVE[column] for column in self.columns_above]
        out_of_class = CLASS_CHECKS.get(self.level, lambda code: False)
        for line, (code, name, *stated) in lines:
            if not natural.fullmatch(code):
                raise self.fault(line, f"“{code}” is not a code of {digits} digits")
            if code in self.codes:
                raise self.fault(line, f"{code} stands in the file twice")
            if code[:parent_digits] not in parents:
                raise self.fault(line, self._no_parent(code, parent_digits))
            if stated != [code[:length] for length in above]:
                raise self.fault(line, f"{code} does not start with the codes named beside it")
            if not name or len(name) > LONGEST_NAME or UNPRINTABLE.search(name):
                raise self.fault(
                    line, f"the name of {code} is empty, too long or holds hidden characters"
                )
            self.codes.add(code)
            self.out_of_class += out_of_class(code)
            yield code, name
        if not self.codes:
            raise FaultyFile(self.path, "the file holds no division, only its heading")

    def _no_parent(self, code: str, parent_digits: int) -> str:
        if self.level == Level.PROVINCE:
            return (
                f"{code} is not a province of GB/T 2260; "
                "a demonstration's province must be listed in EXTRA_PROVINCES"
            )
        return f"the parent {code[:parent_digits]} of {code} is not in the files"

    def fault(self, line: int, fault: str) -> FaultyFile:
        """A fault in one line of this file."""
        return FaultyFile(self.path, fault, line=line)


def find_lists(folder: Path) -> list[ListFile]:
    """The five files of a folder, province first. Raises FaultyFile when one is missing."""
    if not folder.is_dir():
        raise FaultyFile(folder, "no such folder")
    return [
        ListFile(find_file(folder, name), level, above) for name, (level, above) in LISTS.items()
    ]


def find_file(folder: Path, name: str) -> Path:
    """`name`.csv or `name`.csv.gz in the folder; FaultyFile when there is none, or both."""
    found = [path for end in (".csv", ".csv.gz") if (path := folder / f"{name}{end}").is_file()]
    if not found:
        raise FaultyFile(folder, f"{name}.csv or {name}.csv.gz is missing")
    if len(found) > 1:
        raise FaultyFile(folder, f"both {name}.csv and {name}.csv.gz are there: remove one")
    return found[0]


def known_provinces(extra: Iterable[str]) -> set[str]:
    """The province digits that a file may hold: GB/T 2260 and the demonstration's."""
    return set(GB_2260_PROVINCES) | set(extra)


def records(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """(line, values in the order of `columns`) of each record of a CSV file, spaces cut off.

    The heading must hold exactly these columns, in any order. Empty lines are passed over.
    """
    reader = csv.reader(io.StringIO(text_of(path), newline=""), strict=True)
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        if sorted(heading) != sorted(columns):
            raise FaultyFile(
                path, f"the heading must be {','.join(columns)}, not {','.join(heading)}", line=1
            )
        places = [heading.index(column) for column in columns]
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(columns):
                fault = f"{len(cells)} values instead of {len(columns)}"
                raise FaultyFile(path, fault, line=reader.line_num)
            yield reader.line_num, [cells[place].strip() for place in places]
    except csv.Error as error:
        raise FaultyFile(path, f"not a CSV line: {error}", line=reader.line_num) from None


def text_of(path: Path) -> str:
    """The text of a file, unpacked. Raises FaultyFile with the line where UTF-8 breaks off."""
    try:
        raw = path.read_bytes()
        data = gzip.decompress(raw) if path.suffix == ".gz" else raw
        return data.decode("utf-8-sig")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FaultyFile(path, f"the file cannot be unpacked: {error}") from None
    except OSError as error:
        raise FaultyFile(path, f"the file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FaultyFile(
            path, "not UTF-8 text; save the list as “CSV UTF-8” and load it again", line=line
        ) from None
