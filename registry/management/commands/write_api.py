from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from registry.api.documents import openapi_document, with_errors

OPENAPI, GUIDE = "docs/openapi.yaml", "docs/api.md"


class Command(BaseCommand):
    """Write docs/openapi.yaml, and the tables of errors in docs/api.md."""

    help = "Write docs/openapi.yaml and the tables of errors in docs/api.md from the program."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        (settings.BASE_DIR / OPENAPI).write_text(openapi_document(), encoding="utf-8")
        guide = settings.BASE_DIR / GUIDE
        guide.write_text(with_errors(guide.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"{OPENAPI}, {GUIDE}: written")
