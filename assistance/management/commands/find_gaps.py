import re
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assistance.actions.gap_runs import ask_search, drive
from assistance.models import GapRun, RunState
from assistance.queries.gap_progress import progress_of
from divisions.queries import resolve
from officers.models import Officer
from trail.errors import Refused

REFUSED, STOPPED = 2, 3
SAY_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Search a division for policy gaps of a year, or go on with the search that stands"
        " unfinished there. Exit status 0 done, 2 refused, 3 stopped because a part fails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=_year, required=True)
        parser.add_argument(
            "--division", required=True, help="code, natural or padded to 12 digits"
        )
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = _opened(options)
        except Refused as problem:
            raise CommandError(str(problem), returncode=REFUSED) from problem
        said = {"id": run.pk, "year": run.year, "place": run.root.name}
        self._say(_("Search %(id)s of %(year)s for %(place)s.") % said)
        while not drive(run.pk, seconds=SAY_SECONDS):
            self._say(str(progress_of(run)))
        run.refresh_from_db()
        while run.state == RunState.RUNNING:  # another process holds what is left
            time.sleep(SAY_SECONDS)
            drive(run.pk)
            run.refresh_from_db()
        self._summarise(run)
        if run.state == RunState.STOPPED:
            raise CommandError(
                _("A part failed again and again: %(error)s.") % {"error": progress_of(run).error},
                returncode=STOPPED,
            )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _summarise(self, run: GapRun) -> None:
        for rule, number in run.totals.items():
            self.stdout.write(f"{number:>12,}  {rule}")
        self._say(_("Result %(hash)s.") % {"hash": run.result_hash})


def _year(text: str) -> int:
    if not re.fullmatch(r"20[0-9]{2}", text):
        raise ArgumentTypeError(_("the year has four digits, such as 2019"))
    return int(text)


def _opened(options: dict[str, Any]) -> GapRun:
    """The search of this place and year that is under way, or a new one."""
    root, year = resolve(options["division"]), options["year"]
    running = GapRun.everywhere.filter(root=root, year=year, state=RunState.RUNNING)
    return running.select_related("root").first() or ask_search(
        root, year, by=_officer(options["by"])
    )


def _officer(username: str) -> Officer:
    try:
        return Officer.objects.get_by_natural_key(username)
    except Officer.DoesNotExist:
        raise CommandError(
            _("There is no officer %(username)s.") % {"username": username}, returncode=REFUSED
        ) from None
