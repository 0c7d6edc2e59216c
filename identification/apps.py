from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from identification.procedure import IDENTIFICATION, REINCLUSION
from workflow.procedures import register


class IdentificationConfig(AppConfig):
    name = "identification"
    verbose_name = _("Identification")

    def ready(self) -> None:
        for machine in (IDENTIFICATION, REINCLUSION):
            register(machine, records="identification.queries.records_of")
