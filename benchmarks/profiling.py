"""Where the time of a review goes, by the profiler, in one process."""

import cProfile
import pstats
from typing import Any

from benchmarks.measuring import Line
from reviews.actions.chunks import drive
from reviews.models import Review

Function = tuple[str, int, str]
PARTS = {
    "facts out by COPY": ("copy_expert", "copied_out"),
    "read as a frame": ("read_csv", "copied_out"),
    "decide by the rules": ("decide", ""),
    "proposals as text": ("write_proposals", "", "_copy_in"),
    "proposals in by COPY": ("_copy_in", "write_proposals"),
    "totals by village": ("_tally", ""),
    "hashes by village": ("_hashes", ""),
    "claim and commit": ("claim", ""),
}
"""A function, who calls it where that matters, and what it calls that is counted elsewhere."""


def measure(review: Review, households: int) -> Line:
    """Drive a proposed review here, under the profiler; shares of its time by part."""
    profiler = cProfile.Profile()
    profiler.runcall(drive, review.pk)
    stats = pstats.Stats(profiler)
    whole = stats.total_tt  # type: ignore[attr-defined]
    shares = {name: _seconds(stats, *where) / whole for name, where in PARTS.items()}
    shares["all else"] = 1 - sum(shares.values())
    parts = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    return Line(
        f"profile of a review of {households:,} households in one process",
        f"{whole:.1f} s under the profiler: {parts}",
    )


def _seconds(stats: pstats.Stats, name: str, caller: str = "", less: str = "") -> float:
    """Cumulated seconds of the functions called `name`, by `caller` if named."""
    found: dict[Function, tuple[Any, ...]] = stats.stats  # type: ignore[attr-defined]
    seconds = 0.0
    for (_file, _line, function), (*_calls, cumulated, callers) in found.items():
        if function != name and not function.startswith(f"<method '{name}'"):
            continue
        if caller:
            seconds += sum(one[3] for key, one in callers.items() if key[2] == caller)
        else:
            seconds += cumulated
    return seconds - (_seconds(stats, less, name) if less else 0.0)
