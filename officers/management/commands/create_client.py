"""Make a machine client with its first key, from the console."""

import re
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from divisions.queries import resolve
from officers.actions import Issued, KeyTerms, create_client
from officers.models import Officer
from officers.rules import Scope
from trail.errors import Refused

REFUSED = 2
YEAR_DAYS = 365
USERNAME = re.compile("[a-z0-9][a-z0-9._-]{0,39}")
SCOPES = ", ".join(Scope)


class Command(BaseCommand):
    help = "Make a machine client of a province, city or county. Prints its key, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="name of the other system")
        parser.add_argument("--division", required=True, help="code, also padded to 12 digits")
        parser.add_argument(
            "--scopes", required=True, nargs="+", help=f"what the key opens: {SCOPES}"
        )
        parser.add_argument("--days", type=int, default=YEAR_DAYS, help="days that the key lasts")
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *, name: str, **options: Any) -> None:
        try:
            issued = self.make(name, **options)
        except ValidationError as fault:
            raise CommandError("\n".join(fault.messages), returncode=REFUSED) from None
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=REFUSED) from None
        key = issued.key
        self.stdout.write(f"{key.client.officer.username}: {key.client.officer.posting}")
        self.stdout.write(f"Opens {', '.join(key.scopes)} until {key.expires_at:%Y-%m-%d}.")
        self.stdout.write("The key is shown this once; keep it like a password:")
        self.stdout.write(issued.text)

    def make(
        self, name: str, *, division: str, scopes: list[str], days: int, by: str, **_: Any
    ) -> Issued:
        """The client with its key."""
        operator = Officer.objects.filter(username__iexact=by).first()
        if operator is None:
            raise CommandError(f"There is no officer “{by}”.", returncode=REFUSED)
        return create_client(
            username=username_of(name),
            name=name,
            division=resolve(division),
            terms=KeyTerms(scopes_of(scopes), days),
            by=operator,
        )


def scopes_of(words: list[str]) -> list[Scope]:
    """The scopes of the command line, with blanks or commas between them. Raises CommandError."""
    names = [name for word in words for name in word.split(",") if name]
    if unknown := [name for name in names if name not in list(Scope)]:
        raise CommandError(
            f"There is no scope {', '.join(unknown)}. Known: {SCOPES}.", returncode=REFUSED
        )
    return [Scope(name) for name in names]


def username_of(name: str) -> str:
    """The name itself where it can be a user name, else one made up."""
    lowered = name.strip().lower().replace(" ", "-")
    return lowered if USERNAME.fullmatch(lowered) else f"client-{secrets.token_hex(4)}"
