"""Decisions that another system took: reported here, and what became of them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from exchange.actions.decisions import Report, receive_decision
from exchange.models import DecisionKind, ForeignDecision
from exchange.queries.decisions import reported
from households.api.shapes import Whole
from households.api.views import visible
from households.importing.importers import FIRST_YEAR
from officers.rules import Scope
from trail.api import (
    SHAPES,
    ApiFault,
    Faulty,
    Operation,
    PageQuery,
    Resource,
    StrictSerializer,
    page_of,
    paged,
    read_body,
)
from trail.dates import business_date
from trail.shapes import moment

MOST_SIGNERS = 10
RECEIVED = "received"
NOT_FOUND = _("there is no such household within your division")


class SignerBody(StrictSerializer):
    """Somebody who signed the decision, in which office, on which day."""

    name = serializers.CharField(max_length=50)
    office = serializers.CharField(max_length=100)
    day = serializers.DateField()


class DecisionBody(StrictSerializer):
    """A decision as the other system took it."""

    reference = serializers.CharField(max_length=64)
    decision = serializers.ChoiceField(choices=DecisionKind.choices)
    household = serializers.CharField(max_length=20)
    year = Whole(min_value=FIRST_YEAR, max_value=2999)
    decided_on = serializers.DateField()
    case = serializers.CharField(max_length=64)
    signers = SignerBody(many=True, allow_empty=False, max_length=MOST_SIGNERS)
    evidence_hash = serializers.RegexField("^[0-9a-f]{64}$")
    note = serializers.CharField(max_length=500, required=False)


class DecisionsQuery(PageQuery):
    """Which reports to list."""


class Decisions(Resource):
    """The decisions that the client reported."""

    needs_key = True
    scopes = {"GET": Scope.DECISIONS, "POST": Scope.DECISIONS}
    query_serializers = {"GET": DecisionsQuery}
    operations = {
        "GET": Operation(
            "list_decisions",
            _("List the decisions that you reported, and what became of them"),
            "DecisionPage",
        ),
        "POST": Operation(
            "report_decision",
            _("Report a decision that your system took; an officer records or disputes it"),
            "Decision",
            202,
            "NewDecision",
            refusals=("decides_elsewhere", "used_reference", "other_state"),
        ),
    }

    def get(self, request: Request) -> Response:
        own = reported(request.user).filter(client_id=request.user.pk)
        page = page_of(own, ("pk",), self.query)
        return paged(request, [decision_json(one) for one in page.rows], page.cursor)

    def post(self, request: Request) -> Response:
        body = read_body(DecisionBody(data=request.data))
        household = visible(request).filter(number=body["household"]).first()
        if household is None:
            raise Faulty([ApiFault("not_found_here", str(NOT_FOUND), "/household")])
        if body["decided_on"] > business_date():
            raise Faulty([ApiFault("out_of_range", str(SHAPES["out_of_range"]), "/decided_on")])
        decision = receive_decision(household, _report(body), by=request.user)
        return Response(decision_json(decision), 202)


def decision_json(decision: ForeignDecision) -> dict[str, Any]:
    """A report as it was sent, and what became of it here."""
    case = decision.case
    return {
        "reference": decision.reference,
        "decision": decision.kind,
        "household": decision.household.number,
        "year": decision.year,
        "decided_on": decision.decided_on.isoformat(),
        "case": decision.foreign_case,
        "evidence_hash": decision.evidence_hash,
        "received_at": moment(decision.received_at),
        "state": case.state if case else RECEIVED,
        "recorded_as": case.pk if case else None,
    }


def _report(body: dict[str, Any]) -> Report:
    return Report(
        reference=body["reference"],
        kind=body["decision"],
        year=body["year"],
        decided_on=body["decided_on"],
        foreign_case=body["case"],
        signers=[dict(one) | {"day": one["day"].isoformat()} for one in body["signers"]],
        evidence_hash=body["evidence_hash"],
        note=body.get("note", ""),
    )
