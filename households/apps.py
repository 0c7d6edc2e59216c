from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from households.changing.procedure import CHANGE
from households.procedure import CORRECTION
from workflow.procedures import register


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = _("Households")

    def ready(self) -> None:
        register(CORRECTION)
        register(CHANGE)
