"""The resources of watches: households that may fall back, and how far each case is."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from households.api.cases import HouseholdCaseList, HouseholdCasesQuery, OneHouseholdCase
from monitoring.procedure import WATCH
from workflow.api.views import listing, reading, state_parameter
from workflow.models import Case


class WatchesQuery(HouseholdCasesQuery):
    """Which watches."""

    state = state_parameter(WATCH)


class Watches(HouseholdCaseList):
    """The watches within the client's posting."""

    machines = (WATCH,)
    query_serializers = {"GET": WatchesQuery}
    operations = listing("watches", "Watch", _("List watches"))


class OneWatch(OneHouseholdCase):
    """One watch with its way so far."""

    machines = (WATCH,)
    operations = reading("watch", "Watch", _("Read a watch"))

    def own(self, case: Case) -> dict[str, Any]:
        return {}
