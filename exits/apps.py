from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from exits.procedure import EXIT
from workflow.procedures import register


class ExitsConfig(AppConfig):
    name = "exits"
    verbose_name = _("Exits")

    def ready(self) -> None:
        register(EXIT)
