"""Make an account with its first posting, from the console."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from divisions.queries import resolve
from officers.actions import Terms, appoint, create_officer, set_own_password
from officers.actions.accounts import reset_link
from officers.models import Officer
from officers.rules import Role
from trail.dates import business_date
from trail.errors import Refused

REFUSED = 2
ROLES = [role.value for role in Role if role not in {Role.OPERATOR, Role.MACHINE_CLIENT}]


class Command(BaseCommand):
    help = (
        "Make an account and post it. Prints a one-time link by which the officer chooses a "
        "password (24 hours), unless the password comes on standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name", help="full name")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--division", required=True, help="code, also padded to 12 digits")
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="address of the site")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password, one line"
        )
        parser.add_argument("--by", default="operator", help="user name of the acting officer")

    def handle(self, *, password_stdin: bool, site: str, **options: Any) -> None:
        try:
            with transaction.atomic():
                officer = self.make(**options)
                if password_stdin:
                    self.read_password(officer)
        except ValidationError as fault:
            raise CommandError("\n".join(fault.messages), returncode=REFUSED) from None
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=REFUSED) from None
        self.stdout.write(f"{officer.username}: {officer.posting}")
        if not password_stdin:
            link = reset_link(officer)
            path = reverse("officers:reset", args=[link.uidb64, link.token])
            self.stdout.write(f"One-time link, 24 hours: {site.rstrip('/')}{path}")

    def make(
        self, *, username: str, name: str, role: str, division: str, by: str, **_: Any
    ) -> Officer:
        """The account with its posting, from today on."""
        operator = Officer.objects.filter(username__iexact=by).first()
        if operator is None:
            raise CommandError(f"There is no officer “{by}”.", returncode=REFUSED)
        place = resolve(division)
        officer = create_officer(username=username, name=name, home=place, by=operator)
        appoint(officer, Terms(Role(role), place, business_date()), by=operator)
        return officer

    def read_password(self, officer: Officer) -> None:
        """The first line of standard input, judged as on the page."""
        password = sys.stdin.readline().rstrip("\r\n")
        validate_password(password, officer)
        set_own_password(officer, password)
