import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from divisions.models import Division
from registry.pages.cases.explained import compared, decisions_of_year
from workflow.models import CaseEvent
from workflow.queries import act_label

AT_ONCE = 1000
DIFFERENT, REFUSED = 1, 2


class Command(BaseCommand):
    help = (
        "Make all decisions of a year in a place again from the snapshots that they kept, and"
        " compare. Exit status 0 the same, 1 different, 2 no such place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--division", required=True, help="code of the place")
        parser.add_argument("--year", type=int, required=True, help="year of the decisions")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["division"]
        if not Division.objects.filter(pk=code).exists():
            problem = _("There is no division %(code)s.") % {"code": code}
            raise CommandError(problem, returncode=REFUSED)
        decisions = differences = 0
        for events in self._parts(code, options["year"]):
            decisions += len(events)
            differences += sum(
                self._differs(event, values)
                for event, values in zip(events, compared(events), strict=True)
            )
        text = _("%(decisions)s decisions made again, %(differences)s differ.")
        self.stdout.write(text % {"decisions": f"{decisions:,}", "differences": f"{differences:,}"})
        if differences:
            sys.exit(DIFFERENT)

    def _parts(self, code: str, year: int) -> Iterator[list[CaseEvent]]:
        """The decisions in parts, so that a year of a province needs little memory."""
        found, last = decisions_of_year(code, year), 0
        while events := list(found.filter(pk__gt=last)[:AT_ONCE]):
            last = events[-1].pk
            yield events

    def _differs(self, event: CaseEvent, values: Any) -> bool:
        """Whether the decision came out differently; says what of it."""
        wrong = [one for one in values if not one.is_same]
        for one in wrong:
            name = f"{event.case.subject} {event.case_id}/{event.seq}"
            step = act_label(event.case.kind, event.step)
            self.stdout.write(f"{name} {step} · {one.label}: {one.kept} → {one.again}")
        return bool(wrong)
