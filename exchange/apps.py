from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from exchange.procedure import FOREIGN
from workflow.procedures import register


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Exchange with other systems")

    def ready(self) -> None:
        register(FOREIGN)
