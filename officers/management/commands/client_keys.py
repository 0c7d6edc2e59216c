"""List, renew and revoke the keys of machine clients, from the console."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from officers.actions import revoke_key, rotate_key
from officers.models import ClientKey, Officer
from trail.errors import Refused

REFUSED = 2
YEAR_DAYS = 365


class Command(BaseCommand):
    help = "List the keys of machine clients; rotate or revoke one, named by its prefix."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", default="operator", help="user name of the acting officer")
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list")
        rotate = acts.add_parser("rotate", help="a new key; the old one ends")
        rotate.add_argument("prefix")
        rotate.add_argument("--days", type=int, default=YEAR_DAYS, help="days that the key lasts")
        rotate.add_argument(
            "--overlap-days", type=int, default=0, help="days that the old key still lasts"
        )
        revoke = acts.add_parser("revoke", help="the key opens nothing from now on")
        revoke.add_argument("prefix")
        revoke.add_argument("--reason", required=True)

    def handle(self, *, act: str, **options: Any) -> None:
        try:
            ACTS[act](self, **options)
        except ValidationError as fault:
            raise CommandError("\n".join(fault.messages), returncode=REFUSED) from None
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=REFUSED) from None

    def tell(self, **_: Any) -> None:
        """One line for each key: prefix, account, place, scopes, days, use."""
        for key in ClientKey.objects.select_related("client__officer"):
            officer = key.client.officer
            ended = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
            used = f"used {key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never used"
            self.stdout.write(
                f"{key.prefix}  {officer.username}  {officer.home_id}  {','.join(key.scopes)}"
                f"  until {key.expires_at:%Y-%m-%d}  {ended or used}"
            )

    def rotate(self, *, prefix: str, days: int, overlap_days: int, by: str, **_: Any) -> None:
        """Prints the new key, once."""
        issued = rotate_key(
            key_named(prefix), days=days, overlap_days=overlap_days, by=officer_named(by)
        )
        self.stdout.write("The key is shown this once; keep it like a password:")
        self.stdout.write(issued.text)

    def revoke(self, *, prefix: str, reason: str, by: str, **_: Any) -> None:
        """From the next request on."""
        revoke_key(key_named(prefix), reason=reason, by=officer_named(by))
        self.stdout.write(f"{prefix}: revoked")


ACTS: dict[str, Callable[..., None]] = {
    "list": Command.tell,
    "rotate": Command.rotate,
    "revoke": Command.revoke,
}


def key_named(prefix: str) -> ClientKey:
    """The key of that prefix. Raises CommandError."""
    key = ClientKey.objects.select_related("client__officer").filter(prefix=prefix).first()
    if key is None:
        raise CommandError(f"There is no key “{prefix}”.", returncode=REFUSED)
    return key


def officer_named(username: str) -> Officer:
    """The account of that user name. Raises CommandError."""
    officer = Officer.objects.filter(username__iexact=username).first()
    if officer is None:
        raise CommandError(f"There is no officer “{username}”.", returncode=REFUSED)
    return officer
