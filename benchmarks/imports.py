"""Importing register files: new households, the same file again, the same with other wages."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.counted import MARK
from benchmarks.measuring import Line, Run, copied_again, run_module
from benchmarks.register_files import write_register
from registry.demo.blocks import Plan
from registry.demo.seeding import plan_of

YEAR = 2020
DENSITY = 100
TABLES = ("households_household", "households_member", "households_survey")
BUDGETS = {
    10_000: ("", ""),
    100_000: ("≤ 120 s, ≤ 500 MiB, ≥ 50,000 a minute, < 0.1 statement each", "≤ 120 s"),
}


def measure(households: int, villages: Sequence[str]) -> list[Line]:
    """Import files of about `households` households into `villages`, which hold none yet."""
    own = tuple(villages[: max(households // DENSITY, 3)])
    pattern = plan_of(households=households, years=(YEAR,), seed=households)
    plan = Plan(households, pattern.years, pattern.seed, pattern.lines, own, own[0][:6])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.csv"
        count = write_register(path, plan)
        fresh, again = _import(path), _import(path)
        write_register(path, plan, more_wages_yuan=100)
        changed = _import(path)
    low, high = own[0], own[-1]
    floor = _floor(low, high)
    budget, changed_budget = BUDGETS.get(households, ("", ""))
    name = f"import of {count:,} households, CSV"
    return [
        Line(
            f"{name}: new",
            f"{_figures(fresh, count)}; {fresh.seconds / floor:.1f} × the floor",
            budget,
        ),
        Line(f"{name}: the same file again", _figures(again, count)),
        Line(f"{name}: every wage changed, with history", _figures(changed, count), changed_budget),
        Line(
            f"floor: COPY of the same {count:,} households, members and surveys", f"{floor:.1f} s"
        ),
    ]


def _import(path: Path) -> Run:
    return run_module("-m", "benchmarks.counted", "import_households", path, "--year", YEAR)


def _figures(run: Run, households: int) -> str:
    sent = int(run.output.rsplit(MARK, 1)[1].split()[0])
    return (
        f"{run.seconds:.1f} s, {households / run.seconds * 60:,.0f} households a minute, "
        f"{sent / households:.3f} statements each, {run.own_peak_mib:.0f} MiB"
    )


def _floor(low: str, high: str) -> float:
    """Plain COPY of what the first import wrote, into tables with the same indexes."""
    here = f"SELECT id FROM households_household WHERE village_code BETWEEN '{low}' AND '{high}'"
    first = f"household_id IN ({here})"
    wheres = (f"id IN ({here})", first, f"{first} AND corrects_id IS NULL")
    return sum(copied_again(table, where) for table, where in zip(TABLES, wheres, strict=True))
