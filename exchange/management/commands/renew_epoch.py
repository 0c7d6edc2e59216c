"""Let all cursors of the change feed be gone, from the console."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from exchange.actions.feed import renew_epoch
from exchange.queries.history import history
from officers.models import Officer
from trail.errors import Refused

REFUSED = 2


class Command(BaseCommand):
    help = (
        "Let every cursor of the change feed be gone (410), so that other systems read all anew. "
        "For a database that was put back in a way that it cannot notice itself: a copy of its "
        "disk or its files. A restored dump and a restore to a point in time are noticed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", required=True, help="why, for the trace")
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *, reason: str, by: str, **_: Any) -> None:
        operator = Officer.objects.filter(username__iexact=by).first()
        if operator is None:
            raise CommandError(f"There is no officer “{by}”.", returncode=REFUSED)
        try:
            renew_epoch(reason=reason, by=operator)
        except ValidationError as fault:
            raise CommandError("\n".join(fault.messages), returncode=REFUSED) from None
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=REFUSED) from None
        self.stdout.write(f"The epoch is {history().epoch}; older cursors are gone.")
