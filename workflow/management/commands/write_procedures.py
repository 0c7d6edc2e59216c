from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from workflow.documents import procedures_document

DOCUMENT = Path("docs/procedures.md")


class Command(BaseCommand):
    """Write docs/procedures.md from the machines."""

    help = "Write docs/procedures.md from the procedures that the program runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / DOCUMENT)

    def handle(self, *args: Any, **options: Any) -> None:
        options["output"].write_text(procedures_document(), encoding="utf-8")
        self.stdout.write(f"{options['output']}: written")
