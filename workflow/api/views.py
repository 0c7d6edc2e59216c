"""What the resources of cases of all procedures share: their list, and one of them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from divisions.api import asked_place, division_parameter
from officers.models import Officer
from officers.rules import Scope
from trail.api import Operation, PageQuery, Resource, etag_of, page_of, paged
from workflow.api.answers import case_json, way_json
from workflow.machine import Machine
from workflow.models import Case

READ = {"GET": Scope.CASES}
OPEN, CLOSED = "open", "closed"


class CasesQuery(PageQuery):
    """Which cases of a procedure."""

    division = division_parameter()
    standing = serializers.ChoiceField(
        choices=[OPEN, CLOSED],
        required=False,
        help_text=_("Open ones or closed ones alone."),
    )


def state_parameter(*machines: Machine) -> serializers.ChoiceField:
    """The parameter for where the cases of these procedures stand."""
    states = sorted({state for one in machines for state in one.states})
    return serializers.ChoiceField(
        choices=states, required=False, help_text=_("That stand there now.")
    )


def kind_parameter(*machines: Machine) -> serializers.ChoiceField:
    """The parameter for one of several procedures."""
    kinds = [one.kind for one in machines]
    return serializers.ChoiceField(
        choices=kinds, required=False, help_text=_("Of this procedure alone.")
    )


def listing(name: str, schema: str, summary: Promise) -> dict[str, Operation]:
    """The operation of a list of cases."""
    return {"GET": Operation(f"list_{name}", summary, f"{schema}Page")}


def reading(name: str, schema: str, summary: Promise) -> dict[str, Operation]:
    """The operation that reads one case."""
    return {"GET": Operation(f"read_{name}", summary, schema, refusals=("not_found",))}


class CaseResource(Resource):
    """Cases of some procedures within the client's posting."""

    scopes = READ
    machines: ClassVar[tuple[Machine, ...]]

    def subjects(self, officer: Officer, cases: Sequence[Case]) -> Mapping[int, Mapping[str, Any]]:
        """Whom each case is about, by its id."""
        raise NotImplementedError

    def found(self, officer: Officer) -> Any:
        """The cases that the client may read."""
        kinds = [one.kind for one in self.machines]
        return Case.objects.visible_to(officer).filter(kind__in=kinds)


class CaseList(CaseResource):
    """A list of cases, by place and age."""

    def get(self, request: Request) -> Response:
        query, place = self.query, asked_place(request, self.query)
        found = self.found(request.user).defer("facts")
        found = found.none() if place is None else found.within(place)
        found = found.filter(**{name: query[name] for name in ("kind", "state") if name in query})
        if "standing" in query:
            found = found.filter(closed_at__isnull=query["standing"] == OPEN)
        if "household" in query:
            found = found.filter(subject=query["household"])
        page = page_of(found, ("division_id", "pk"), query)
        subjects = self.subjects(request.user, page.rows)
        return paged(request, [case_json(one, subjects[one.pk]) for one in page.rows], page.cursor)


class OneCase(CaseResource):
    """One case with its facts and its way so far, and its version."""

    def facts(self, case: Case) -> dict[str, Any] | None:
        """What the case rests on; None for facts of another form."""
        raise NotImplementedError

    def own(self, case: Case) -> dict[str, Any]:
        """What the app of the procedure keeps about it."""
        raise NotImplementedError

    def get(self, request: Request, case_id: int) -> Response:
        case = get_object_or_404(self.found(request.user), pk=case_id)
        subjects = self.subjects(request.user, [case])
        answer = case_json(case, subjects[case.pk]) | {"facts": self.facts(case)}
        answer |= self.own(case) | way_json(case)
        return Response(answer, headers={"ETag": etag_of(case.version)})
