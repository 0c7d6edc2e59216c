from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from monitoring.procedure import WATCH
from workflow.procedures import register


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        register(WATCH)
