"""Load the official lists of divisions."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from divisions.actions import LoadReport, load_divisions, preview_divisions
from divisions.loading.reading import FaultyFile
from divisions.models import Level
from trail.errors import Refused

KINDS = ("new", "renamed", "gone", "back")
REFUSED = 2


class Command(BaseCommand):
    help = (
        "Load the official lists provinces, cities, areas, streets and villages "
        "(.csv or .csv.gz) from a folder; optional successors.csv (code,successor)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--by", default="operator", help="user name of the acting officer")
        parser.add_argument(
            "--dry-run", action="store_true", help="report the changes and save nothing"
        )

    def handle(self, *, folder: Path, by: str, dry_run: bool, **options: Any) -> None:
        began = time.monotonic()
        officer = get_user_model()._default_manager.filter(username__iexact=by).first()
        if officer is None:
            raise CommandError(f"There is no officer “{by}”.", returncode=REFUSED)
        load = preview_divisions if dry_run else load_divisions
        try:
            report = load(folder, by=officer, progress=self.stdout.write)
        except FaultyFile as fault:
            raise CommandError(f"{fault}. Nothing was saved.", returncode=REFUSED) from None
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=REFUSED) from None
        self.say(report)
        done = "Read, nothing saved" if dry_run else "Loaded"
        self.stdout.write(
            f"{done}: {report.total:,} divisions in {time.monotonic() - began:.1f} s."
        )

    def say(self, report: LoadReport) -> None:
        """The counts of each level, the first examples, and what was odd."""
        self.stdout.write(f"{'':10}{'in files':>10}" + "".join(f"{kind:>10}" for kind in KINDS))
        for level, read in report.read.items():
            counts = report.counts.get(level, {})
            figures = "".join(f"{counts.get(kind, 0):>10,}" for kind in KINDS)
            self.stdout.write(f"{level.name.lower():10}{read:>10,}{figures}")
        for level in report.read:
            self.say_examples(report, level)
        for level, number in report.out_of_class.items():
            if number:
                self.stdout.write(
                    f"Warning: {number:,} {level.name.lower()} codes lie outside the official "
                    "classes; they were accepted."
                )
        if report.successors:
            self.stdout.write(f"Successors named: {report.successors:,}")

    def say_examples(self, report: LoadReport, level: Level) -> None:
        """The first divisions of each kind at one level."""
        for code, name in report.new[level]:
            self.stdout.write(f"  new      {code:12} {name}")
        for kind in KINDS[1:]:
            for one in report.examples(level, kind):
                arrow = f"{one.old_name} → {one.name}" if one.old_name != one.name else one.name
                self.stdout.write(f"  {kind:8} {one.code:12} {arrow}")
