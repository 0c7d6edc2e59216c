"""Loading the divisions of a nation, and the same lists again."""

from pathlib import Path

from benchmarks.measuring import Line, copied_again, manage
from benchmarks.nation import write_nation
from divisions.models import Division

BUDGET = "≤ 30 s for 665,276"


def measure(lists: Path | None, folder: Path) -> list[Line]:
    """Load `lists`, or lists of the nation's shape written into `folder`."""
    if lists is None:
        write_nation(folder)
    first = manage("load_divisions", lists or folder)
    again = manage("load_divisions", lists or folder)
    count = Division.objects.count() - 1
    floor = copied_again("divisions_division", "true")
    return [
        Line(
            f"load of {count:,} divisions",
            f"{first.seconds:.1f} s, {first.seconds / floor:.1f} × the floor, "
            f"{first.own_peak_mib:.0f} MiB",
            BUDGET,
        ),
        Line("load of the same lists again", f"{again.seconds:.1f} s"),
        Line(f"floor: COPY of {count:,} divisions", f"{floor:.1f} s"),
    ]
