"""Let the numbers that this registry gives begin elsewhere, from the console."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from households.actions.numbering import begin_numbers
from officers.models import Officer
from trail.errors import Refused

REFUSED = 2


class Command(BaseCommand):
    help = (
        "Let the household and person numbers that this registry gives begin at a number. Two "
        "registries that are kept alike need ranges of their own, or they give the same numbers "
        "to different households and people."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first", type=int, help="the first number, from 1 to 99999999")
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *, first: int, by: str, **_: Any) -> None:
        operator = Officer.objects.filter(username__iexact=by).first()
        if operator is None:
            raise CommandError(f"There is no officer “{by}”.", returncode=REFUSED)
        try:
            begin_numbers(first, by=operator)
        except ValidationError as fault:
            raise CommandError("\n".join(fault.messages), returncode=REFUSED) from None
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=REFUSED) from None
        self.stdout.write(f"The next household and the next person get number {first}.")
