"""The resources of help: the catalogue, plans, and measures with what was delivered."""

import uuid as uuids
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assistance.api.answers import item_json, measure_json, plan_json
from assistance.models import Item, ItemStatus, Plan
from assistance.queries.catalogue import catalogue_of
from assistance.queries.door import items_at_door, plans_at_door
from assistance.rules.measures import Category
from divisions.api import asked_place, division_parameter
from officers.rules import Scope
from trail.api import (
    Operation,
    PageQuery,
    Resource,
    cursor_at,
    etag_of,
    page_of,
    paged,
    place_of,
)
from trail.dates import business_date

READ = {"GET": Scope.HELP_READ}
CATALOGUE = "catalogue"
STATUSES = [(str(one), one.label) for one in ItemStatus if one != ItemStatus.DROPPED]


def _year(words: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=2014, max_value=2999, required=False, help_text=words)


def _household() -> serializers.CharField:
    return serializers.CharField(required=False, help_text=_("Of the household of this number."))


class CatalogueQuery(PageQuery):
    """Of which place and year."""

    division = division_parameter(
        _("As it holds in this division; without it, at the client's posting.")
    )
    year = _year(_("As it holds in this year; without it, in the current one."))


class PlansQuery(PageQuery):
    """Which plans."""

    division = division_parameter()
    year = _year(_("Of this year; without it, of every year."))
    household = _household()


class MeasuresQuery(PageQuery):
    """Which measures of plans."""

    division = division_parameter()
    year = _year(_("In plans of this year; without it, of every year."))
    household = _household()
    code = serializers.RegexField(
        "^[A-Z]{3,4}(-[A-Z0-9]{1,12})?$",
        required=False,
        help_text=_("The measure of the catalogue with this code."),
    )
    category = serializers.ChoiceField(
        choices=[str(one) for one in Category],
        required=False,
        help_text=_("Measures of this category; see the list “need”."),
    )
    status = serializers.ChoiceField(
        choices=STATUSES, required=False, help_text=_("With this status now.")
    )
    due_before = serializers.DateField(required=False, help_text=_("Due before this day."))


class Catalogue(Resource):
    """The measures that are offered in a place and year."""

    scopes = READ
    query_serializers = {"GET": CatalogueQuery}
    operations = {
        "GET": Operation(
            "list_catalogue",
            _("List the measures that are offered in a place and year"),
            "CatalogueMeasurePage",
        )
    }

    def get(self, request: Request) -> Response:
        place = asked_place(request, self.query)
        if place is None:
            return paged(request, [], None)
        offered = catalogue_of(place, self.query.get("year", business_date().year))
        after, limit = self._code_before(), self.query["limit"]
        rows = [offered[code] for code in sorted(offered) if code > after][: limit + 1]
        more, rows = len(rows) > limit, rows[:limit]
        cursor = cursor_at([rows[-1].code], of=CATALOGUE) if more else None
        return paged(request, [measure_json(one) for one in rows], cursor)

    def _code_before(self) -> str:
        """The code behind which the page begins. Raises Faulty for the cursor of another list."""
        if "cursor" not in self.query:
            return ""
        return str(place_of(self.query["cursor"], of=CATALOGUE)[0])


class Plans(Resource):
    """The plans within the client's posting: of households, and of villages."""

    scopes = READ
    query_serializers = {"GET": PlansQuery}
    operations = {"GET": Operation("list_plans", _("List plans of help"), "PlanPage")}

    def get(self, request: Request) -> Response:
        found = found_by(request, plans_at_door(request.user), self.query)
        if "year" in self.query:
            found = found.filter(year=self.query["year"])
        page = page_of(found, ("village_id", "pk"), self.query)
        return paged(request, [plan_json(one) for one in page.rows], page.cursor)


class OnePlan(Resource):
    """One plan, with its version."""

    scopes = READ
    operations = {
        "GET": Operation("read_plan", _("Read a plan of help"), "Plan", refusals=("not_found",))
    }

    def get(self, request: Request, uuid: uuids.UUID) -> Response:
        plan = get_object_or_404(plans_at_door(request.user), uuid=uuid)
        _refuse_gone(plan)
        return Response(plan_json(plan), headers={"ETag": etag_of(plan.version)})


class Measures(Resource):
    """The measures of plans within the client's posting, with what was delivered."""

    scopes = READ
    query_serializers = {"GET": MeasuresQuery}
    operations = {
        "GET": Operation(
            "list_measures", _("List measures of plans with their deliveries"), "MeasurePage"
        )
    }

    def get(self, request: Request) -> Response:
        found, query = found_by(request, items_at_door(request.user), self.query), self.query
        if "year" in query:
            found = found.filter(plan__year=query["year"])
        if "due_before" in query:
            found = found.filter(due_on__lt=query["due_before"])
        asked = {name: query[name] for name in ("code", "category", "status") if name in query}
        page = page_of(found.filter(**asked), ("village_id", "pk"), query)
        return paged(request, [item_json(one) for one in page.rows], page.cursor)


class OneMeasure(Resource):
    """One measure of a plan with its deliveries, and its version."""

    scopes = READ
    operations = {
        "GET": Operation(
            "read_measure",
            _("Read a measure of a plan with its deliveries"),
            "Measure",
            refusals=("not_found",),
        )
    }

    def get(self, request: Request, uuid: uuids.UUID) -> Response:
        return whole(item_of(request, uuid))


def found_by(request: Request, rows: QuerySet, query: dict[str, Any]) -> QuerySet:
    """Rows of the division and household that the parameters name, of standing households."""
    place = asked_place(request, query)
    found = rows.none() if place is None else rows.within(place)
    if "household" in query:
        found = found.filter(household__number=query["household"])
    return found.filter(household__withdrawn_at=None)


def item_of(request: Request, uuid: uuids.UUID) -> Item:
    """The measure of the address within the client's posting, else 404."""
    item = get_object_or_404(items_at_door(request.user), uuid=uuid)
    _refuse_gone(item)
    return item


def _refuse_gone(row: Plan | Item) -> None:
    if row.household and row.household.withdrawn_at:
        raise Http404


def whole(item: Item, *, status: int = 200) -> Response:
    """The answer with one measure and its version."""
    return Response(item_json(item), status, headers={"ETag": etag_of(item.version)})
