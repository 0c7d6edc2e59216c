"""Totals by place: the same in two systems that hold the same."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from divisions.scope import reaches
from exchange.actions.digesting import follow_log
from exchange.queries.totals import FIGURES, Total, totals_of
from households.api.views import place_of
from households.importing.importers import FIRST_YEAR, latest_year
from officers.rules import Scope
from trail.api import Operation, QuerySerializer, Resource
from trail.errors import NotAllowed, Refused
from trail.shapes import yuan

PARTS = 10
"""So many parts of what waits are taken in before an answer; a worker takes the rest."""

SECONDS_TO_WAIT = 5


class StillCounting(Refused):
    """More changes wait to be counted than one answer takes in (409, Retry-After)."""

    code = "still_counting"
    retry_after = SECONDS_TO_WAIT

    def __init__(self) -> None:
        super().__init__(_("Many changes are being counted. Wait, then ask again."))


class TotalsQuery(QuerySerializer):
    """Of which place and year."""

    division = serializers.RegexField(
        "^[0-9]{2,12}$",
        help_text=gettext_lazy(
            "A province, city or county for its townships, a township for its villages, a village"
            " for its households."
        ),
    )
    year = serializers.IntegerField(
        required=False,
        min_value=FIRST_YEAR,
        max_value=2999,
        help_text=gettext_lazy("Whose incomes are summed; this year without it."),
    )


class Totals(Resource):
    """Households, persons, states, incomes and digests by place."""

    scopes = {"GET": Scope.READ}
    query_serializers = {"GET": TotalsQuery}
    operations = {
        "GET": Operation(
            "read_totals",
            gettext_lazy("Read totals and digests by place, to compare two systems"),
            "Totals",
            refusals=("outside_posting", "still_counting"),
        )
    }

    def get(self, request: Request) -> Response:
        division = place_of(self.query["division"])
        if not reaches(request.user, division):
            raise NotAllowed(_("This lies outside the client's posting."), code="outside_posting")
        if not follow_log(parts=PARTS):
            raise StillCounting
        year = self.query.get("year") or latest_year()
        rows = [total_json(one) for one in totals_of(division, year=year)]
        return Response({"division": division, "year": year, "results": rows})


def total_json(total: Total) -> dict[str, Any]:
    """One row of the totals."""
    return {
        "code": total.code,
        "households": total.households,
        "persons": total.persons,
        "surveyed": total.surveyed,
        **{name: yuan(total.sums[name]) for name in FIGURES},
        "states": {str(state): count for state, count in total.states.items()},
        "hash": total.digest,
    }
