"""The resources of identifications and re-inclusions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from households.api.cases import HouseholdCaseList, HouseholdCasesQuery, OneHouseholdCase
from identification.api.answers import records_json
from identification.procedure import IDENTIFICATION, REINCLUSION
from workflow.api.views import kind_parameter, listing, reading, state_parameter
from workflow.models import Case

MACHINES = (IDENTIFICATION, REINCLUSION)


class IdentificationsQuery(HouseholdCasesQuery):
    """Which identifications and re-inclusions."""

    kind = kind_parameter(*MACHINES)
    state = state_parameter(*MACHINES)


class Identifications(HouseholdCaseList):
    """The identifications and re-inclusions within the client's posting."""

    machines = MACHINES
    query_serializers = {"GET": IdentificationsQuery}
    operations = listing(
        "identifications", "Identification", _("List identifications and re-inclusions")
    )


class OneIdentification(OneHouseholdCase):
    """One of them, with what stands on record about it."""

    machines = MACHINES
    operations = reading(
        "identification", "Identification", _("Read an identification or re-inclusion")
    )

    def own(self, case: Case) -> dict[str, Any]:
        return records_json(case)
