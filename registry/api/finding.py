"""The finding of a household and year as JSON: what its page says, with the same reasons."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.findings import account_json
from households.api.names import FINDING
from households.api.translating import NamesQuery, Translated
from households.api.views import tagged, visible
from households.models import Household, Standard
from officers.rules import Scope
from registry.pages.queries.finding import FindingView, Known, finding_view, year_to_judge
from trail.api import Operation
from trail.dates import business_date
from trail.shapes import moment


class FindingQuery(NamesQuery):
    """Which year to judge; the last one with a standard when it is left out."""

    year = serializers.IntegerField(
        min_value=2000,
        max_value=2999,
        required=False,
        help_text=_("The year to judge; without it, the last one with a standard."),
    )


class FindingOfYear(Translated):
    """The determination of one year, with its reasons. It changes nothing."""

    vocabulary = FINDING
    scopes = {"GET": Scope.READ}
    query_serializers = {"GET": FindingQuery}
    operations = {
        "GET": Operation(
            "read_finding",
            _("Read the finding of a year with its reasons"),
            "Finding",
            refusals=("not_found",),
        )
    }

    def get(self, request: Request, number: str) -> Response:
        household = get_object_or_404(visible(request).defer("search"), number=number)
        year = self.query.get("year") or year_to_judge(household, today=business_date())
        persons = household.members.active().count()
        view = finding_view(household, year, Known(), persons=persons)
        return tagged(Response(finding_json(household, view)), household)


def finding_json(household: Household, view: FindingView) -> dict[str, Any]:
    """The account of the year; `finding` is null while no standard of the year is published."""
    return {
        "household": household.number,
        "year": view.year,
        "surveyed_at": moment(view.survey.recorded_at) if view.survey else None,
        "standard": _standard(view.standard) if view.standard else None,
        "finding": account_json(view.explanation) if view.explanation else None,
        "proposal": view.proposal or None,
        "warnings": view.warnings,
    }


def _standard(standard: Standard) -> dict[str, Any]:
    return {
        "number": standard.number,
        "division": standard.division_id,
        "line": f"{standard.line:.2f}",
        "monitoring_line": f"{standard.monitoring_line:.2f}",
    }
