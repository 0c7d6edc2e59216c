"""The resources of households."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from divisions.api import division_parameter
from divisions.queries import UnknownDivision, resolve
from households import codes
from households.api import entries
from households.api.answers import (
    ORDER,
    household_json,
    membership_json,
    survey_json,
    surveys_in_force,
)
from households.api.names import HOUSEHOLD, PERSON, SURVEY
from households.api.shapes import HouseholdChange, NewHouseholdBody, PersonBody, SurveyBody
from households.api.telling import TellsOfPeople
from households.api.translating import NamesQuery, Translated
from households.incomes import items
from households.models import Household, Member, Survey
from households.models.households import STATE_CHOICES
from households.queries import with_people
from officers.actions import note_identities
from officers.rules import Scope
from trail.api import (
    ANY_SCOPE,
    ApiFault,
    Faulty,
    Moment,
    Operation,
    PageQuery,
    Resource,
    etag_of,
    page_of,
    paged,
    read_body,
    refuse_mismatch,
    require_match,
)

READ_WRITE = {"GET": Scope.READ, "POST": Scope.WRITE, "PATCH": Scope.WRITE}
STATUS_CHOICES = [(str(state), name) for state, name in STATE_CHOICES]


class HouseholdsQuery(NamesQuery, PageQuery):
    """Which households to list."""

    division = division_parameter(gettext_lazy("At or below this division."))
    status = serializers.ChoiceField(
        choices=STATUS_CHOICES, required=False, help_text=gettext_lazy("With this status now.")
    )
    year = serializers.IntegerField(
        min_value=2000,
        max_value=2999,
        required=False,
        help_text=gettext_lazy("With a survey of this year."),
    )
    updated_since = Moment(
        required=False, help_text=gettext_lazy("Changed at this moment or later; with its offset.")
    )


def visible(request: Request) -> Any:
    """The standing households within the client's posting."""
    return Household.objects.visible_to(request.user).standing()


def household_of(request: Request, number: str) -> Household:
    """The household of the address with its people, else 404."""
    return get_object_or_404(with_people(visible(request)), number=number)


def is_masked(request: Request) -> bool:
    """Whether the key may not read ID numbers, phones and accounts."""
    return Scope.IDENTITY not in request.auth.scopes


def found_by(households: Any, query: dict[str, Any]) -> Any:
    """The households that the parameters leave."""
    if "division" in query:
        households = households.within(place_of(query["division"]))
    if "status" in query:
        households = households.filter(state=int(query["status"]))
    if "year" in query:
        surveyed = Survey.objects.filter(year=query["year"], withdrawn_at=None)
        households = households.filter(Exists(surveyed.filter(household=OuterRef("pk"))))
    if "updated_since" in query:
        households = households.filter(updated_at__gte=query["updated_since"])
    return households


def place_of(code: str) -> str:
    """The code of the division that a natural or padded code names. Raises Faulty."""
    try:
        return resolve(code).pk
    except UnknownDivision as unknown:
        fault = ApiFault("unknown_division", unknown.message, None, "division")
        raise Faulty([fault]) from None


def whole(request: Request, household: Household, *, status: int) -> Response:
    """The answer with one household and its version."""
    told(request, "household", [household])
    answer = household_json(household, masked=is_masked(request))
    return tagged(Response(answer, status), household)


def tagged(response: Response, household: Household) -> Response:
    """The response with the household's version as its entity tag."""
    response["ETag"] = etag_of(household.version)
    return response


def told(request: Request, resource: str, households: list[Household]) -> None:
    """Leave one trace row for an answer that holds sensitive values in full."""
    if households and not is_masked(request):
        numbers = [household.number for household in households]
        note_identities(request.auth, resource=resource, numbers=numbers, by=request.user)


class Codes(Resource):
    """The code lists of the register."""

    scopes = {"GET": ANY_SCOPE}
    operations = {"GET": Operation("list_codes", gettext_lazy("Read the code lists"), "CodeLists")}

    def get(self, request: Request) -> Response:
        tables = {
            name: [{"code": one.code, "zh": one.zh, "en": one.en} for one in table.values()]
            for name, table in codes.tables().items()
        }
        tables["income_item"] = [
            {"code": one.item, "zh": one.zh, "en": one.en} for one in items().values()
        ]
        return Response(tables)


class OfPeople(TellsOfPeople, Translated):
    """A resource whose answers hold sensitive values in full for keys that may read them."""

    def retold(self, request: Request, body: Any, **address: Any) -> None:
        if not is_masked(request):
            numbers = [address.get("number", body.get("number"))]
            note_identities(request.auth, resource="again", numbers=numbers, by=request.user)


class Households(OfPeople):
    """The households within the client's posting."""

    vocabulary = HOUSEHOLD
    scopes = READ_WRITE
    query_serializers = {"GET": HouseholdsQuery}
    operations = {
        "GET": Operation("list_households", gettext_lazy("List households"), "HouseholdPage"),
        "POST": Operation(
            "register_household",
            gettext_lazy("Register a household with its people and the facts of a year"),
            "Household",
            201,
            "NewHousehold",
            refusals=("outside_posting", "registered_meanwhile", "told_enough"),
            headers=("Location",),
        ),
    }

    def get(self, request: Request) -> Response:
        page = page_of(with_people(found_by(visible(request), self.query)), ORDER, self.query)
        told(request, "households", page.rows)
        masked = is_masked(request)
        return paged(
            request, [household_json(one, masked=masked) for one in page.rows], page.cursor
        )

    def post(self, request: Request) -> Response:
        sent = entries.new_household(read_body(NewHouseholdBody(data=request.data)))
        saved = entries.save(sent, request, seen=None)
        household = household_of(request, saved.household.number)
        response = whole(request, household, status=201)
        response["Location"] = reverse("api:household", args=[household.number])
        return response


class OneHousehold(OfPeople):
    """One household with its people."""

    vocabulary = HOUSEHOLD
    scopes = READ_WRITE
    operations = {
        "GET": Operation(
            "read_household", gettext_lazy("Read a household"), "Household", refusals=("not_found",)
        ),
        "PATCH": Operation(
            "change_household",
            gettext_lazy("Change a household and its people"),
            "Household",
            body="HouseholdChange",
            match="must",
            refusals=("not_found", "closed", "registered_meanwhile", "told_enough"),
        ),
    }

    def get(self, request: Request, number: str) -> Response:
        return whole(request, household_of(request, number), status=200)

    def patch(self, request: Request, number: str) -> Response:
        household = household_of(request, number)
        require_match(request, household.version)
        body = read_body(HouseholdChange(data=request.data))
        sent = entries.changed_household(household, body)
        entries.save(sent, request, seen=household.version)
        return whole(request, household_of(request, number), status=200)


class Members(OfPeople):
    """The people of a household, those who left included."""

    vocabulary = PERSON
    scopes = READ_WRITE
    operations = {
        "GET": Operation(
            "list_members",
            gettext_lazy("List the people of a household"),
            "MembershipPage",
            refusals=("not_found",),
        ),
        "POST": Operation(
            "add_member",
            gettext_lazy("Add a person to a household"),
            "Membership",
            201,
            "NewMember",
            "may",
            ("not_found", "closed", "household_changed", "registered_meanwhile", "told_enough"),
        ),
    }

    def get(self, request: Request, number: str) -> Response:
        household = household_of(request, number)
        told(request, "members", [household])
        standing = household.members.filter(withdrawn_at=None)
        masked = is_masked(request)
        ordered = standing.order_by("-end_date", "relation", "pk")
        results = [membership_json(one, masked=masked) for one in ordered]
        return tagged(paged(request, results, None), household)

    def post(self, request: Request, number: str) -> Response:
        household = household_of(request, number)
        refuse_mismatch(request, household.version)
        sent = entries.one_more_person(household, read_body(PersonBody(data=request.data)))
        entries.save(sent, request, seen=household.version)
        changed = household_of(request, number)
        told(request, "members", [household])
        member = newest(household, changed)
        return tagged(Response(membership_json(member, masked=is_masked(request)), 201), changed)


def newest(before: Household, after: Household) -> Member:
    """The person who came to the household."""
    known = {one.pk for one in before.people}
    return next(one for one in after.people if one.pk not in known)


class Surveys(TellsOfPeople, Translated):
    """The facts of a household by year: of each year the survey that no later one corrects."""

    vocabulary = SURVEY
    scopes = READ_WRITE
    operations = {
        "GET": Operation(
            "list_surveys",
            gettext_lazy("List the facts of a household by year"),
            "SurveyPage",
            refusals=("not_found",),
        ),
        "POST": Operation(
            "record_survey",
            gettext_lazy(
                "Record the facts of a year; a survey that corrects another needs If-Match"
            ),
            "Survey",
            201,
            "NewSurvey",
            "may",
            ("not_found", "closed", "household_changed", "version_missing", "told_enough"),
        ),
    }

    def get(self, request: Request, number: str) -> Response:
        household = household_of(request, number)
        results = [survey_json(one) for one in surveys_in_force(household)]
        return tagged(paged(request, results, None), household)

    def post(self, request: Request, number: str) -> Response:
        household = household_of(request, number)
        body = read_body(SurveyBody(data=request.data))
        self._require_version(request, household, body["year"])
        entries.save(entries.survey_of(household, body), request, seen=household.version)
        changed = household_of(request, number)
        found = {survey.year: survey for survey in surveys_in_force(changed)}
        return tagged(Response(survey_json(found[body["year"]]), 201), changed)

    def _require_version(self, request: Request, household: Household, year: int) -> None:
        """A survey that corrects another needs If-Match; the first of a year may have it."""
        if Survey.objects.filter(household=household, year=year, withdrawn_at=None).exists():
            require_match(request, household.version)
        refuse_mismatch(request, household.version)
