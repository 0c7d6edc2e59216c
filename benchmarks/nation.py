"""The official lists of a nation of the real one's shape, made up: 31/342/2,978/41,352/620,573."""

import csv
from collections.abc import Iterator
from pathlib import Path

PROVINCES = (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46,
             50, 51, 52, 53, 54, 61, 62, 63, 64, 65)  # fmt: skip
SHAPE = {"cities": 342, "areas": 2_978, "streets": 41_352, "villages": 620_573}
HEADERS = {
    "provinces": ("code", "name"),
    "cities": ("code", "name", "provinceCode"),
    "areas": ("code", "name", "cityCode", "provinceCode"),
    "streets": ("code", "name", "areaCode", "provinceCode", "cityCode"),
    "villages": ("code", "name", "streetCode", "provinceCode", "cityCode", "areaCode"),
}
WIDTHS = {"cityCode": 4, "provinceCode": 2, "areaCode": 6, "streetCode": 9}
FIRST = {"cities": 1, "areas": 21, "streets": 100, "villages": 200}
DIGITS = {"cities": 2, "areas": 2, "streets": 3, "villages": 3}
ENDINGS = {"provinces": "省", "cities": "市", "areas": "县", "streets": "镇", "villages": "村"}


def write_nation(folder: Path) -> list[str]:
    """Write the five files; returns the village codes in order."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = [str(code) for code in PROVINCES]
    _write(folder, "provinces", codes)
    for kind, total in SHAPE.items():
        codes = list(_children(codes, total, FIRST[kind], DIGITS[kind]))
        _write(folder, kind, codes)
    return codes


def _children(parents: list[str], total: int, first: int, digits: int) -> Iterator[str]:
    """`total` codes spread evenly over the parents, numbered from `first` within each."""
    for place, parent in enumerate(parents):
        share = total // len(parents) + (place < total % len(parents))
        for serial in range(first, first + share):
            yield f"{parent}{serial:0{digits}d}"


def _write(folder: Path, kind: str, codes: list[str]) -> None:
    with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADERS[kind])
        above = [WIDTHS[name] for name in HEADERS[kind][2:]]
        for code in codes:
            lines.writerow([code, f"地{code}{ENDINGS[kind]}", *(code[:width] for width in above)])
