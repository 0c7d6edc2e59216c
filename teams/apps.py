from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from teams.procedure import ABSENCE, ASSESSMENT, DISPATCH
from workflow.procedures import register


class TeamsConfig(AppConfig):
    name = "teams"
    verbose_name = _("First secretaries and village work teams")

    def ready(self) -> None:
        register(DISPATCH, records="teams.queries.candidates.records_of")
        register(ABSENCE, records="teams.queries.absences.records_of")
        register(ASSESSMENT, records="teams.queries.assessments.records_of")
