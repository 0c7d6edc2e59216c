"""Writes the .mo beside each .po that is newer, without gettext. Quiet when nothing is to do."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_newer(folder: Path) -> list[Path]:
    """The catalogues that were compiled; fuzzy entries stay in English."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_newer(Path(__file__).parent.parent / "locale"):
        sys.stdout.write(f"compiled {path}\n")
