from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from divisions.scope import in_range
from households.models import Household
from registry.demo.accounts import DEMO_ACCOUNTS

HOUSEHOLDS = 2000
YEARS = "2015-2020"
PROVINCE = "97"


class Command(BaseCommand):
    help = "Make this database ready for the demonstration: tables, static files, made-up data."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only for the demonstration: set DEMO=true.")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if not Household.everywhere.filter(in_range("village_id", PROVINCE)).exists():
            call_command("seed_demo", households=HOUSEHOLDS, years=YEARS, stdout=self.stdout)
        self._show_accounts()

    def _show_accounts(self) -> None:
        self.stdout.write(f"\nSign in with the password {settings.DEMO_PASSWORD} as")
        for username, role, division in DEMO_ACCOUNTS:
            self.stdout.write(f"  {username:24} {role} ({division})")
