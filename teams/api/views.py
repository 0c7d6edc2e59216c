"""The resources of teams: who serves where, terms, totals of days, coverage."""

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from divisions.api import asked_place, division_parameter
from divisions.models import Division
from officers.rules import Scope
from teams.api.answers import coverage_json, team_json, term_json, totals_json
from teams.models import Term
from teams.queries.coverage import coverage_of
from teams.queries.listing import villages_behind
from teams.queries.presence import cadres_in, year_totals
from teams.rules.terms import year_span
from trail.api import (
    Operation,
    PageQuery,
    QuerySerializer,
    Resource,
    cursor_at,
    page_of,
    paged,
    place_of,
)
from trail.dates import business_date

READ = {"GET": Scope.TEAMS}
VILLAGES = "villages"
FIRST_DAY, LAST_DAY = date(2014, 1, 1), date(2999, 12, 31)


def _on(words: Promise) -> serializers.DateField:
    return serializers.DateField(required=False, help_text=words, validators=[_within_policy])


def _within_policy(day: date) -> None:
    """Before the first policy parameters nothing says what a team must be."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise serializers.ValidationError("", "out_of_range")


class TeamsQuery(PageQuery):
    """Which villages, as of which day."""

    division = division_parameter()
    on = _on(_("As of this day, from 2014 on; without it, as of today."))


class TermsQuery(PageQuery):
    """Which terms."""

    division = division_parameter()
    on = _on(_("That run on this day; without it, ended and future ones as well."))


class TotalsQuery(PageQuery):
    """Whose days, of which year."""

    division = division_parameter()
    year = serializers.IntegerField(
        min_value=2000,
        max_value=2999,
        required=False,
        help_text=_("The days of this year; without it, of the current one."),
    )


class CoverageQuery(QuerySerializer):
    """Of which place, as of which day."""

    division = division_parameter()
    on = _on(_("As of this day, from 2014 on; without it, as of today."))


class Teams(Resource):
    """The villages with a team, or in need of one, within the client's posting."""

    scopes = READ
    query_serializers = {"GET": TeamsQuery}
    operations = {
        "GET": Operation("list_teams", _("List villages with their teams as of a day"), "TeamPage")
    }

    def get(self, request: Request) -> Response:
        place, today = asked_place(request, self.query), business_date()
        after, limit = _village_before(self.query), self.query["limit"]
        if place is None:
            return paged(request, [], None)
        on = self.query.get("on", today)
        rows = villages_behind(place, on, today=today, after=after, limit=limit + 1)
        more, rows = len(rows) > limit, rows[:limit]
        cursor = cursor_at([rows[-1].village.pk], of=VILLAGES) if more else None
        return paged(request, [team_json(row) for row in rows], cursor)


def _village_before(query: dict[str, Any]) -> str:
    """The village behind which the page begins. Raises Faulty for the cursor of another list."""
    if "cursor" not in query:
        return ""
    return str(place_of(query["cursor"], of=VILLAGES)[0])


class Terms(Resource):
    """The terms of service within the client's posting."""

    scopes = READ
    query_serializers = {"GET": TermsQuery}
    operations = {"GET": Operation("list_terms", _("List terms of service"), "TermPage")}

    def get(self, request: Request) -> Response:
        place = asked_place(request, self.query)
        found = Term.objects.visible_to(request.user).select_related("cadre", "unit")
        found = found.none() if place is None else found.within(place)
        if "on" in self.query:
            found = found.in_force(self.query["on"])
        page = page_of(found, ("village_id", "pk"), self.query)
        return paged(request, [term_json(term) for term in page.rows], page.cursor)


class PresenceTotals(Resource):
    """Totals of days of whoever served within the client's posting; never a single day."""

    scopes = READ
    query_serializers = {"GET": TotalsQuery}
    operations = {
        "GET": Operation(
            "list_presence_totals", _("List totals of days in the village"), "PresenceTotalsPage"
        )
    }

    def get(self, request: Request) -> Response:
        place, today = asked_place(request, self.query), business_date()
        if place is None:
            return paged(request, [], None)
        year = self.query.get("year", today.year)
        page = page_of(cadres_in(place, year_span(year)), ("pk",), self.query)
        totals = year_totals([cadre.pk for cadre in page.rows], year, today)
        results = [totals_json(one, totals[one.pk], request.user) for one in page.rows]
        return paged(request, results, page.cursor)


class CoverageOfPlace(Resource):
    """How many villages have a first secretary and a whole team, how many households a helper."""

    scopes = READ
    query_serializers = {"GET": CoverageQuery}
    operations = {
        "GET": Operation(
            "read_coverage",
            _("Read the coverage of a place and of those right below it"),
            "Coverage",
            refusals=("not_found",),
        )
    }

    def get(self, request: Request) -> Response:
        place, today = asked_place(request, self.query), business_date()
        division = Division.objects.filter(pk=place or "").first()
        if division is None:
            raise Http404
        on = self.query.get("on", today)
        return Response(coverage_json(coverage_of(request.user, division, on, today=today)))
