from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from assistance.procedure import PLAN
from workflow.procedures import register


class AssistanceConfig(AppConfig):
    name = "assistance"
    verbose_name = _("Assistance")

    def ready(self) -> None:
        register(PLAN, records="assistance.queries.plans.records_of")
