"""The administrative divisions within the client's posting."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from divisions.models import Division
from divisions.queries import UnknownDivision, in_posting, resolve
from divisions.scope import reaches
from trail.api import ANY_SCOPE, ApiFault, Faulty, Operation, PageQuery, Resource, page_of, paged
from trail.dates import business_date


def division_parameter(words: Promise | None = None) -> serializers.RegexField:
    """The parameter of a list that names a place."""
    told = words or _("At or below this division; without it, all within the client's posting.")
    return serializers.RegexField("^[0-9]{1,12}$", required=False, help_text=told)


def asked_place(request: Request, query: Mapping[str, Any]) -> str | None:
    """The division that the parameters name, the client's own without one.

    None when it lies outside the posting: nothing is found there. Raises Faulty for no division.
    """
    if "division" not in query:
        return request.user.acting_division
    try:
        code = resolve(query["division"]).pk
    except UnknownDivision as unknown:
        raise Faulty([ApiFault("unknown_division", unknown.message, None, "division")]) from None
    return code if reaches(request.user, code) else None


class DivisionsQuery(PageQuery):
    """Which divisions to list: those right below `parent`, else the client's own."""

    parent = division_parameter(
        _("List what lies right below this division; without it, the client's own.")
    )


class Divisions(Resource):
    """The divisions in force right below one of them; without `parent`, the client's own."""

    scopes = {"GET": ANY_SCOPE}
    query_serializers = {"GET": DivisionsQuery}
    operations = {
        "GET": Operation(
            "list_divisions", _("List divisions"), "DivisionPage", refusals=("not_found",)
        )
    }

    def get(self, request: Request) -> Response:
        found = in_posting(request.user, business_date())
        parent = self.query.get("parent")
        if parent is None:
            found = found.filter(pk__in=request.user.reach)
        elif found.filter(pk=parent).exists():
            found = found.below(parent)
        else:
            raise Http404
        page = page_of(found, ("pk",), self.query)
        return paged(request, [division_json(one) for one in page.rows], page.cursor)


def division_json(division: Division) -> dict[str, Any]:
    """A division; `code` is the natural one, `padded_code` that of statistical lists."""
    return {
        "code": division.pk,
        "padded_code": division.padded_code,
        "level": division.level,
        "name": division.name,
        "parent": division.parent_id,
    }


DIVISION_SCHEMA: dict[str, Any] = {
    "code": {"type": "string", "description": _("natural code: 2, 4, 6, 9 or 12 digits")},
    "padded_code": {"type": "string", "description": _("code padded to 12 digits")},
    "level": {
        "type": "integer",
        "minimum": 0,
        "maximum": 5,
        "description": _("0 nation, 1 province, 2 city, 3 county, 4 township, 5 village"),
    },
    "name": {"type": "string"},
    "parent": {"type": "string", "nullable": True},
}
