from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from assistance.procedure import PLAN
from exits.procedure import COUNTY_EXIT, EXIT, REMOVAL, REVOCATION, VILLAGE_EXIT
from households.changing.procedure import CHANGE
from households.procedure import CORRECTION
from identification.procedure import IDENTIFICATION, REINCLUSION
from monitoring.procedure import WATCH
from workflow.procedures import register, weigh_by

PLACES = (VILLAGE_EXIT, COUNTY_EXIT)
ABOUT_HOUSEHOLDS = (
    EXIT, REVOCATION, REMOVAL, IDENTIFICATION, REINCLUSION, WATCH, PLAN, CHANGE, CORRECTION,
)  # fmt: skip


class ExitsConfig(AppConfig):
    name = "exits"
    verbose_name = _("Exits")

    def ready(self) -> None:
        register(EXIT, records="exits.queries.household.records_of")
        register(REVOCATION, records="exits.queries.revocation.records_of")
        register(REMOVAL, records="exits.queries.removal.records_of")
        register(VILLAGE_EXIT, records="exits.queries.villages.records_of")
        register(COUNTY_EXIT, records="exits.queries.counties.records_of")
        weigh_by("exits.queries.risk.weighed", *(one.kind for one in (*ABOUT_HOUSEHOLDS, *PLACES)))
