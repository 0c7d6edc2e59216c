from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from divisions.models import Division, Level
from divisions.scope import in_range
from households.actions.quality import recheck_all, surveyed_in


class Command(BaseCommand):
    help = "Holds the soft rules against all surveyed households of a division, village by village."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--division", required=True, help="code of the division")
        parser.add_argument("--year", type=int, required=True, help="year of the surveys")

    def handle(self, *args: Any, **options: Any) -> None:
        code, year = options["division"], options["year"]
        if not Division.objects.filter(pk=code).exists():
            raise CommandError(f"No division has the code {code}.")
        found = Division.objects.filter(in_range("code", code), level=Level.VILLAGE)
        villages = list(found.order_by("code").values_list("code", flat=True))
        households = issues = 0
        for number, village in enumerate(villages, start=1):
            keys = surveyed_in(village, f"{village}:", year)
            issues += recheck_all(keys, year=year)
            households += len(keys)
            self.stderr.write(
                f"{number}/{len(villages)} villages, {households} households", ending="\r"
            )
        self.stderr.write("")
        self.stdout.write(
            f"{households} households of {len(villages)} villages held against the rules:"
            f" {issues} issues stand."
        )
