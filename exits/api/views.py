"""The resources of exits: of households with revocation and removal, of villages, of counties."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from exits.api.answers import (
    county_facts_json,
    evaluation_json,
    listed_json,
    tracking_json,
    village_facts_json,
)
from exits.procedure import COUNTY_EXIT, EXIT, REMOVAL, REVOCATION, VILLAGE_EXIT
from households.api.cases import HouseholdCaseList, HouseholdCasesQuery, OneHouseholdCase
from officers.models import Officer
from workflow.api.views import (
    CaseList,
    CaseResource,
    CasesQuery,
    OneCase,
    kind_parameter,
    listing,
    reading,
    state_parameter,
)
from workflow.models import Case

OF_HOUSEHOLDS = (EXIT, REVOCATION, REMOVAL)


class ExitsQuery(HouseholdCasesQuery):
    """Which exits of households."""

    kind = kind_parameter(*OF_HOUSEHOLDS)
    state = state_parameter(*OF_HOUSEHOLDS)


class VillageExitsQuery(CasesQuery):
    """Which exits of villages."""

    state = state_parameter(VILLAGE_EXIT)


class CountyExitsQuery(CasesQuery):
    """Which exits of counties."""

    state = state_parameter(COUNTY_EXIT)


class Exits(HouseholdCaseList):
    """The exits, revocations and removals within the client's posting."""

    machines = OF_HOUSEHOLDS
    query_serializers = {"GET": ExitsQuery}
    operations = listing("exits", "Exit", _("List exits of households, revocations and removals"))


class OneExit(OneHouseholdCase):
    """One of them, with how long the household is tracked."""

    machines = OF_HOUSEHOLDS
    operations = reading("exit", "Exit", _("Read an exit, a revocation or a removal"))

    def own(self, case: Case) -> dict[str, Any]:
        return tracking_json(self.request.user, case)


class OfPlaces(CaseResource):
    """Cases about villages and counties: the division of the case is the place."""

    def subjects(self, officer: Officer, cases: Sequence[Case]) -> Mapping[int, Mapping[str, Any]]:
        return {one.pk: {} for one in cases}


class VillageExits(OfPlaces, CaseList):
    """The exits of villages within the client's posting."""

    machines = (VILLAGE_EXIT,)
    query_serializers = {"GET": VillageExitsQuery}
    operations = listing("village_exits", "VillageExit", _("List exits of villages"))


class OneVillageExit(OfPlaces, OneCase):
    """The exit of one village with the figures that it rests on."""

    machines = (VILLAGE_EXIT,)
    operations = reading("village_exit", "VillageExit", _("Read the exit of a village"))

    def facts(self, case: Case) -> dict[str, Any]:
        return village_facts_json(self.request.user, case)

    def own(self, case: Case) -> dict[str, Any]:
        return listed_json(self.request.user, case)


class CountyExits(OfPlaces, CaseList):
    """The exits of counties within the client's posting."""

    machines = (COUNTY_EXIT,)
    query_serializers = {"GET": CountyExitsQuery}
    operations = listing("county_exits", "CountyExit", _("List exits of counties"))


class OneCountyExit(OfPlaces, OneCase):
    """The exit of one county with its figures and the special evaluation."""

    machines = (COUNTY_EXIT,)
    operations = reading("county_exit", "CountyExit", _("Read the exit of a county"))

    def facts(self, case: Case) -> dict[str, Any]:
        return county_facts_json(self.request.user, case)

    def own(self, case: Case) -> dict[str, Any]:
        return listed_json(self.request.user, case) | evaluation_json(case)
