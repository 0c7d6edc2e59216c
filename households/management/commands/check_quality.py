from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from divisions.models import Division
from households.actions.quality import recheck_village, villages_in
from households.tasks import check_division


class Command(BaseCommand):
    help = "Holds the soft rules against all surveyed households of a division, village by village."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--division", required=True, help="code of the division")
        parser.add_argument("--year", type=int, required=True, help="year of the surveys")
        parser.add_argument("--later", action="store_true", help="leave it to the workers")

    def handle(self, *args: Any, **options: Any) -> None:
        code, year = options["division"], options["year"]
        if not Division.objects.filter(pk=code).exists():
            raise CommandError(f"No division has the code {code}.")
        if options["later"]:
            check_division.delay(code, year)
            self.stdout.write("The workers check it, a village at a time.")
            return
        villages = villages_in(code)
        households = issues = 0
        for number, village in enumerate(villages, start=1):
            checked, standing = recheck_village(village, year=year)
            households, issues = households + checked, issues + standing
            self.stderr.write(
                f"{number}/{len(villages)} villages, {households} households", ending="\r"
            )
        self.stderr.write("")
        self.stdout.write(
            f"{households} households of {len(villages)} villages held against the rules:"
            f" {issues} issues stand."
        )
