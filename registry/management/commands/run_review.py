import os
import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from divisions.queries import resolve
from households.models import Standard
from households.rules import Kind
from officers.models import Officer
from registry.crew import CrewFailed, crew
from reviews import tasks
from reviews.actions.chunks import try_again
from reviews.actions.pausing import paused_words, resume_review
from reviews.actions.proposing import propose_dry_run, propose_review, require_proposer
from reviews.actions.refreshing import refresh
from reviews.models import DONE, KIND_NAMES, UNFINISHED, Review, ReviewState
from reviews.queries.progress import progress_of
from reviews.queries.report import report_lines
from trail.errors import Refused

REFUSED, WITH_ATTENTION = 2, 3
MOST_WORKERS = 4
POLL_SECONDS, SAY_SECONDS, NUDGE_SECONDS = 0.1, 2.0, 5.0


class Command(BaseCommand):
    help = (
        "Open, resume or refresh the annual review of a division and drive it to its end with"
        " Celery workers of its own. Exit status 0 done, 3 done but some households need"
        " attention, 2 refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=_year, required=True)
        parser.add_argument(
            "--division", required=True, help="code, natural or padded to 12 digits"
        )
        parser.add_argument("--dry-run", action="store_true", help="a what-if, never accepted")
        parser.add_argument("--standard", type=int, help="id of a published standard (dry runs)")
        parser.add_argument("--workers", type=int, help="default: CPUs, at most 4")
        parser.add_argument("--report", type=Path, help="write the proposals to this CSV file")
        parser.add_argument("--resume", action="store_true", help="go on with a paused review")
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *args: Any, **options: Any) -> None:
        workers = _workers(options["workers"])
        report = options["report"]
        _refuse_unwritable(report)
        try:
            review = _opened(options)
            self.stdout.write(
                _("Review %(id)s of %(year)s for %(place)s.")
                % {"id": review.pk, "year": review.year, "place": review.root.name}
            )
            if options["resume"] and review.paused_at:
                review = resume_review(review.pk, by=_officer(options["by"]))
            self._drive(review, workers)
        except (Refused, CrewFailed) as problem:
            raise CommandError(str(problem), returncode=REFUSED) from problem
        review = Review.everywhere.get(pk=review.pk)
        self._summarise(review)
        if report:
            rows = _write(review, report)
            self.stdout.write(
                _("%(rows)s rows written to %(file)s.") % {"rows": rows, "file": report}
            )
        if review.totals["kinds"][str(Kind.ATTENTION.value)]:
            sys.exit(WITH_ATTENTION)

    def _drive(self, review: Review, workers: int) -> None:
        if review.state in DONE:
            self.stdout.write(_("It is finished. Renewing what changed since."))
            refresh(review.pk)
            return
        _refuse_paused(review)
        try_again(review.pk, review.root_id)
        with crew(f"review-{review.pk}", workers) as own:
            said, nudged = time.monotonic(), float("-inf")
            while review.state in UNFINISHED:
                own.keep()
                now = time.monotonic()
                if now - nudged >= NUDGE_SECONDS:
                    nudged = now
                    for _each in range(workers):
                        tasks.drive.apply_async(args=[review.pk], queue=own.queue)
                if now - said >= SAY_SECONDS:
                    said = now
                    self._say(review)
                time.sleep(POLL_SECONDS)
                review.refresh_from_db(fields=["state", "paused_at", "paused_by"])
                _refuse_paused(review)
        if review.state == ReviewState.CANCELLED:
            raise Refused(_("The review was cancelled meanwhile."))

    def _say(self, review: Review) -> None:
        progress = progress_of(review)
        self.stdout.write(str(progress))
        self.stdout.flush()
        if progress.stuck:
            raise Refused(
                _("Part %(number)s fails even household by household: %(error)s")
                % {"number": progress.stuck.seq, "error": progress.stuck.error}
            )

    def _summarise(self, review: Review) -> None:
        self.stdout.write(
            _("%(households)s households, %(persons)s people. Result %(hash)s.")
            % {**review.totals, "hash": review.result_hash}
        )
        for kind, name in KIND_NAMES.items():
            self.stdout.write(f"{review.totals['kinds'][str(kind.value)]:>12,}  {name}")


def _refuse_paused(review: Review) -> None:
    """Nobody but an officer's own word lets a paused review go on."""
    if review.paused_at is None or review.state not in UNFINISHED:
        return
    raise Refused(
        f"{paused_words(review)} "
        + _("It goes on with --resume, or when somebody resumes it on its page."),
        code="paused",
    )


def _year(text: str) -> int:
    if not re.fullmatch(r"(19|20|21)[0-9]{2}", text):
        raise ArgumentTypeError(_("the year has four digits, such as 2019"))
    return int(text)


def _workers(wanted: int | None) -> int:
    if wanted is None:
        return min(os.cpu_count() or 1, MOST_WORKERS)
    if wanted < 1:
        raise CommandError(_("--workers is 1 or more."), returncode=REFUSED)
    return wanted


def _refuse_unwritable(report: Path | None) -> None:
    if report is None:
        return
    try:
        report.open("ab").close()
    except OSError as problem:
        raise CommandError(
            _("The report cannot be written: %(problem)s.") % {"problem": problem},
            returncode=REFUSED,
        ) from problem


def _opened(options: dict[str, Any]) -> Review:
    """The unfinished or finished review of this scope and year, or a new one.

    A dry run goes on where an unfinished one of the same standard stopped; else it is a new one.
    """
    by, root, year = _officer(options["by"]), resolve(options["division"]), options["year"]
    require_proposer(root, by)
    standard = _standard(options)
    own = Review.everywhere.filter(root=root, year=year).select_related("root")
    if not options["dry_run"]:
        return own.binding().first() or propose_review(root=root, year=year, by=by)
    begun = own.unfinished().filter(dry_run=True, proposed_by=by)
    if standard:
        begun = begun.filter(standard=standard)
    return begun.first() or propose_dry_run(root=root, year=year, by=by, standard=standard)


def _officer(username: str) -> Officer:
    try:
        return Officer.objects.get_by_natural_key(username)
    except Officer.DoesNotExist:
        raise CommandError(
            _("There is no officer %(username)s.") % {"username": username}, returncode=REFUSED
        ) from None


def _standard(options: dict[str, Any]) -> Standard | None:
    if options["standard"] is None:
        return None
    if not options["dry_run"]:
        raise CommandError(_("--standard is for dry runs. Add --dry-run."), returncode=REFUSED)
    standard = Standard.objects.published().filter(pk=options["standard"]).first()
    if standard is None:
        raise CommandError(
            _("There is no published standard %(id)s.") % {"id": options["standard"]},
            returncode=REFUSED,
        )
    return standard


def _write(review: Review, report: Path) -> int:
    """Returns the number of rows under the header."""
    lines = -1
    with report.open("w", encoding="utf-8", newline="") as out:
        for line in report_lines(review):
            out.write(f"{line}\r\n")
            lines += 1
    return lines
