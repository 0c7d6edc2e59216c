"""The one way in which the tree changes: a whole official list is loaded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from divisions.loading import merging, reading, successors
from divisions.models import Division, Level
from divisions.scope import NATION, Posted, require_within
from trail.actions import Actor, change_of, record, record_many
from trail.dates import business_date
from trail.errors import NotAllowed

LOADERS = frozenset({"operator", "system_admin"})
EXAMPLES = 5


class Loader(Actor, Posted, Protocol):
    """Whoever may load: posted to the whole nation as operator or system administrator."""


@dataclass
class LoadReport:
    """What a load found, level by level; examples are the first few in code order."""

    read: dict[Level, int] = field(default_factory=dict)
    out_of_class: dict[Level, int] = field(default_factory=dict)
    counts: dict[Level, dict[str, int]] = field(default_factory=dict)
    new: dict[Level, list[tuple[str, str]]] = field(default_factory=dict)
    differences: list[merging.Difference] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    successors: int = 0

    @property
    def total(self) -> int:
        """Divisions in the files, the nation not counted."""
        return sum(self.read.values())

    def examples(self, level: Level, kind: str) -> list[merging.Difference]:
        """The first differences of one kind at one level."""
        found = [one for one in self.differences if (one.level, one.kind) == (level, kind)]
        return found[:EXAMPLES]


@transaction.atomic
def load_divisions(folder: Path, *, by: Loader, progress: Callable[[str], None]) -> LoadReport:
    """Bring the tree to the official lists in `folder`; all of it or nothing.

    Loading the same lists again changes nothing. A division that the lists lack keeps its row and
    ends on the business date, judged only within the provinces that the lists hold and never in
    EXTRA_PROVINCES. Raises FaultyFile (file, line, fault) and NotAllowed.
    """
    require_loader(by)
    files = reading.find_lists(folder)
    merging.open_staging()
    report = LoadReport()
    codes = reading.known_provinces(settings.EXTRA_PROVINCES)
    for file in files:
        report.read[file.level] = merging.stage(file.level, file.rows(codes))
        report.out_of_class[file.level] = file.out_of_class
        report.hashes[file.path.name] = file.sha256()
        progress(f"{file.path.name}: {report.read[file.level]:,}")
        codes = file.codes
    merging.merge(today=business_date(), never_gone=settings.EXTRA_PROVINCES)
    report.counts = merging.counts()
    report.new = {level: merging.first_new(level, EXAMPLES) for level in report.read}
    report.differences = merging.differences()
    if path := successors.successors_file(folder):
        report.successors = successors.name_successors(path)
    record_load(report, by=by)
    return report


def preview_divisions(folder: Path, *, by: Loader, progress: Callable[[str], None]) -> LoadReport:
    """What `load_divisions` would change; nothing is saved. Raises the same errors."""
    with transaction.atomic():
        report = load_divisions(folder, by=by, progress=progress)
        transaction.set_rollback(True)
    return report


def require_loader(by: Loader) -> None:
    """NotAllowed unless `by` acts for the whole nation as operator or system administrator."""
    require_within(by, NATION)
    if by.acting_role not in LOADERS:
        raise NotAllowed(_("Your role does not allow this act."), code="wrong_role")


def record_load(report: LoadReport, *, by: Loader) -> None:
    """One row of the trace for the load, and one for each renamed, ended or returned division."""
    record(
        by=by,
        action="load_divisions",
        subject=Division(code=NATION),
        division=NATION,
        after={
            "files": report.hashes,
            "read": {level.name.lower(): number for level, number in report.read.items()},
            "changed": {level.name.lower(): kinds for level, kinds in report.counts.items()},
            "successors": report.successors,
        },
    )
    record_many(
        change_of(
            by=by,
            action=f"division_{one.kind}",
            subject=Division(code=one.code),
            division=one.code,
            before={"name": one.old_name},
            after={"name": one.name},
        )
        for one in report.differences
    )
