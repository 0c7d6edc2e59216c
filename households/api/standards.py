"""The resource of standards: the published lines of each year."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from divisions.api import asked_place, division_parameter
from divisions.scope import NATION
from households.explain import LABELS
from households.models import Standard
from households.rules import GUARANTEES
from trail.api import ANY_SCOPE, Operation, PageQuery, Resource, page_of, paged
from trail.shapes import (
    DIGEST,
    INTEGER,
    MOMENT,
    PLACE,
    TEXT,
    YUAN,
    Schema,
    moment,
    page,
    said,
    whole,
    words,
    yuan,
)


class StandardsQuery(PageQuery):
    """Which standards."""

    division = division_parameter(
        gettext_lazy("That can hold in this division: its province's and the nation's.")
    )
    year = serializers.IntegerField(
        min_value=2000, max_value=2999, required=False, help_text=gettext_lazy("Of this year.")
    )


class Standards(Resource):
    """The published standards of the nation and of the client's province, by year.

    Of those of one year the province's own comes before the nation's, the highest number first.
    """

    scopes = {"GET": ANY_SCOPE}
    query_serializers = {"GET": StandardsQuery}
    operations = {
        "GET": Operation(
            "list_standards",
            gettext_lazy(
                "List the published standards; the province's own holds before the nation's, the"
                " highest number before earlier ones"
            ),
            "StandardPage",
        )
    }

    def get(self, request: Request) -> Response:
        found, place = Standard.objects.visible_to(request.user).published(), None
        if "division" in self.query:
            place = asked_place(request, self.query)
            found = found.filter(division_id__in=[NATION, place[:2]]) if place else found.none()
        if "year" in self.query:
            found = found.filter(year=self.query["year"])
        rows = page_of(found, ("year", "division_id", "number"), self.query)
        return paged(request, [standard_json(one) for one in rows.rows], rows.cursor)


def standard_json(standard: Standard) -> dict[str, Any]:
    """A published standard with the digest of its content."""
    return {
        "number": standard.number,
        "division": standard.division_id,
        "year": standard.year,
        "line": yuan(standard.line),
        "monitoring_line": yuan(standard.monitoring_line),
        "guarantees": standard.guarantees,
        "source": standard.source,
        "published_at": moment(standard.published_at),
        "hash": standard.content_hash,
    }


def schemas() -> dict[str, Schema]:
    """The schemas of standards, in the active language."""
    guarantees = words((name, LABELS[name]) for name in GUARANTEES)
    standard = {
        "number": INTEGER,
        "division": said(PLACE, _("0 is the nation")),
        "year": INTEGER,
        "line": said(YUAN, _("yuan a person and year")),
        "monitoring_line": said(YUAN, _("yuan a person and year")),
        "guarantees": {"type": "array", "items": guarantees},
        "source": TEXT,
        "published_at": MOMENT,
        "hash": said(DIGEST, _("digest of its content")),
    }
    return {"Standard": whole(standard), "StandardPage": page("Standard")}
