import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from households.importing.files import Outcome, check_file, import_file
from households.importing.reader import FileRefused
from households.importing.reasons import say
from households.importing.report import ErrorReport, write_csv
from households.importing.run import Tally
from officers.models import Officer
from trail.errors import Refused

OPERATOR = "operator"
LEFT_OUT, FILE_REFUSED = 3, 2
TOLD = 20


class Command(BaseCommand):
    help = "Imports a register file (CSV or XLSX): one row per person, see docs/import.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True, help="the year the file speaks of")
        parser.add_argument("--dry-run", action="store_true", help="judge every row, save nothing")
        parser.add_argument("--report", type=Path, help="write the faulty rows to this CSV file")
        parser.add_argument("--by", default=OPERATOR, help="user name of the acting officer")

    def handle(self, *args: Any, **options: Any) -> None:
        report: Path | None = options["report"]
        if report:
            if report.resolve() == options["file"].resolve():
                raise self._refused(_("The report would overwrite the file itself."))
            self._write(report, ErrorReport())
        act = check_file if options["dry_run"] else import_file
        try:
            by = Officer.objects.get(username__iexact=options["by"], is_active=True)
            outcome = act(options["file"], by=by, year=options["year"], progress=self._progress)
        except Officer.DoesNotExist:
            raise self._refused(_("There is no officer %s.") % options["by"]) from None
        except FileRefused as refused:
            raise self._refused(str(refused)) from None
        except Refused as refused:
            raise self._refused(refused.message) from None
        except OSError as error:
            raise self._refused(say("unreadable", {"why": error.strerror or ""})) from None
        if report:
            self._write(report, outcome.report)
        self._tell(outcome)
        if outcome.tally.faulty:
            sys.exit(LEFT_OUT)

    def _refused(self, message: str) -> CommandError:
        return CommandError(message, returncode=FILE_REFUSED)

    def _write(self, place: Path, report: ErrorReport) -> None:
        try:
            with place.open("w", encoding="utf-8-sig", newline="") as out:
                write_csv(report, out)
        except OSError as error:
            text = _("The report cannot be written to %(place)s: %(why)s")
            raise self._refused(text % {"place": place, "why": error.strerror}) from None

    def _progress(self, phase: str, done: int, total: int) -> None:
        words = {"judging": _("checked"), "saving": _("saved")}
        self.stderr.write(f"{words[phase]} {done:,} / {total:,}", ending="\n")

    def _tell(self, outcome: Outcome) -> None:
        for warned in outcome.warnings[:TOLD]:
            text = say(warned.code, warned.params)
            self.stdout.write(_("row %(row)s: %(text)s") % {"row": warned.record, "text": text})
        for faults in list(outcome.report.faults.values())[:TOLD]:
            for fault in faults:
                text = f"{outcome.report.column(fault)} — {say(fault.code, fault.params)}"
                self.stdout.write(_("row %(row)s: %(text)s") % {"row": fault.record, "text": text})
        self.stdout.write(summary(outcome.tally))
        if outcome.batch:
            self.stdout.write(_("Import %(number)s.") % {"number": outcome.batch.pk})


def summary(tally: Tally) -> str:
    """The counts in one sentence."""
    counts = tally.counts()
    if not counts["faulty"] and counts["new"] + counts["changed"] == 0:
        text = _("Nothing to change: all %(unchanged)s households are recorded like this already.")
    else:
        text = _(
            "%(rows)s rows: %(new)s households new, %(changed)s changed, %(unchanged)s unchanged, "
            "%(faulty)s left out; %(warnings)s warnings."
        )
    return text % counts
