from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from registry.demo.foreign import refuse_foreign
from trail.errors import Refused


class Command(BaseCommand):
    help = "Make this database ready for the demonstration: tables, static files, made-up data."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only for the demonstration: set DEMO=true.")
        try:
            refuse_foreign()
        except Refused as refused:
            raise CommandError(refused.message) from refused
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("seed_demo", households=settings.DEMO_HOUSEHOLDS, stdout=self.stdout)
