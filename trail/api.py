"""What every resource of the REST door shares: strict input, faults, versions, pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from trail.errors import Refused
from trail.once import fingerprint_of, once

MOST_ROWS = 100
ANY_SCOPE = ""
"""What a resource asks for that every live key may read."""

OFFSET = re.compile(r"[0-9](Z|[+-][0-9]{2}:[0-9]{2})\Z")
SHAPES: dict[str, Promise] = {
    "unknown_field": gettext_lazy("this field is not known here; leave it out"),
    "unknown_parameter": gettext_lazy("this parameter is not known here; leave it out"),
    "bad_parameter": gettext_lazy("this cannot be read; see the description"),
    "repeated_parameter": gettext_lazy("give this parameter once"),
    "required": gettext_lazy("this is needed"),
    "null": gettext_lazy("this cannot be null"),
    "wrong_type": gettext_lazy("another JSON type is needed here; see the description"),
    "empty_text": gettext_lazy("give null where nothing is known, not an empty text"),
    "out_of_range": gettext_lazy("this lies outside what is allowed; see the description"),
    "bad_moment": gettext_lazy("give date, time and offset as 2020-06-30T08:00:00+08:00"),
    "bad_cursor": gettext_lazy("use “next” of the page before, as it is"),
    "not_offered": gettext_lazy("use one of the values of the description"),
}
"""Faults of the shape of a request, by code; those of its facts are the rules' own."""

DRF_CODES = {
    "invalid": "wrong_type",
    "not_a_dict": "wrong_type",
    "not_a_list": "wrong_type",
    "min_value": "out_of_range",
    "max_value": "out_of_range",
    "max_string_length": "out_of_range",
    "max_length": "out_of_range",
    "invalid_choice": "not_offered",
    "blank": "empty_text",
    "null_characters_not_allowed": "not_storable",
    "empty": "required",
}


@dataclass(frozen=True)
class ApiFault:
    """One thing that is wrong with a request: at a JSON pointer of its body, or at a parameter."""

    code: str
    sentence: str
    pointer: str | None = None
    parameter: str | None = None


class Faulty(Refused):
    """The body or the query of a request is wrong; `faults` say what, each at its place (400)."""

    status = 400
    code = "faulty_request"

    def __init__(self, faults: Sequence[ApiFault]):
        super().__init__(_("Correct what “errors” names, then send the request again."))
        self.faults = list(faults)


class VersionMissing(Refused):
    """A change without If-Match: nobody can tell which version it was made for (428)."""

    status = 428
    code = "version_missing"

    def __init__(self) -> None:
        super().__init__(_("Send the ETag of what you read as If-Match."))


class VersionDiffers(Refused):
    """If-Match names another version than the one on record, whose tag is `etag` (412)."""

    status = 412
    code = "version_differs"

    def __init__(self, etag: str) -> None:
        super().__init__(
            _("Somebody changed this since you read it. Read it again, then decide anew.")
        )
        self.etag = etag


def etag_of(version: int) -> str:
    """The entity tag of a row's version."""
    return f'"{version}"'


def require_match(request: Request, version: int) -> None:
    """Raises VersionMissing without If-Match, VersionDiffers when it names another version."""
    if "If-Match" not in request.headers:
        raise VersionMissing
    refuse_mismatch(request, version)


def refuse_mismatch(request: Request, version: int) -> None:
    """Raises VersionDiffers when there is an If-Match that names another version.

    A tag tells a version and no bytes, so the weak tag that a packed answer carries names it as
    well; `*` names whichever version stands.
    """
    if "If-Match" not in request.headers:
        return
    named = {tag.strip().removeprefix("W/") for tag in request.headers["If-Match"].split(",")}
    if not named & {etag_of(version), "*"}:
        raise VersionDiffers(etag_of(version))


class StrictSerializer(serializers.Serializer):
    """Takes an object that has no field but its own; read-only ones count as unknown."""

    def to_internal_value(self, data: Any) -> Any:
        faults: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            faults = {name: [ErrorDetail("", self.unknown)] for name in data if name not in known}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            own = error.detail if isinstance(error.detail, dict) else {}
            raise ValidationError(own | faults) from None
        if faults:
            raise ValidationError(faults)
        return values

    unknown = "unknown_field"


class QuerySerializer(StrictSerializer):
    """The parameters that an address may carry, each taken as it stands, blanks included."""

    unknown = "unknown_parameter"

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for one in fields.values():
            if isinstance(one, serializers.CharField):
                one.trim_whitespace = False
        return fields


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC."""

    def to_internal_value(self, value: Any) -> Any:
        try:
            moment = super().to_internal_value(value)
        except ValidationError:
            moment = None
        if moment is None or not OFFSET.search(str(value)):
            raise ValidationError([ErrorDetail("", "bad_moment")])
        return moment


class PageQuery(QuerySerializer):
    """Where a page begins, and how many rows it has at most."""

    cursor = serializers.CharField(
        required=False, help_text=gettext_lazy("From “next” of the page before.")
    )
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_ROWS,
        default=MOST_ROWS,
        help_text=gettext_lazy("At most so many rows."),
    )


def read_body(serializer: StrictSerializer) -> dict[str, Any]:
    """The values of a body. Raises Faulty with pointers."""
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError as error:
        raise Faulty(list(body_faults(error.detail))) from None
    return serializer.validated_data


def body_faults(detail: Any, pointer: str = "") -> Iterator[ApiFault]:
    """The faults of a serializer with the pointer of each."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            at = pointer if name == "non_field_errors" else f"{pointer}/{escaped(name)}"
            yield from body_faults(inner, at)
    elif detail and all(isinstance(one, ErrorDetail) for one in detail):
        for one in detail:
            yield worded(one, pointer=pointer)


def worded(
    error: ErrorDetail, *, pointer: str | None = None, parameter: str | None = None
) -> ApiFault:
    """A fault of a serializer; its own sentence stands where its code is none of a shape."""
    code = DRF_CODES.get(error.code, error.code)
    if parameter and code == "wrong_type":
        code = "bad_parameter"
    return ApiFault(code, str(SHAPES.get(code, error)), pointer, parameter)


def escaped(name: object) -> str:
    """A name as a part of a JSON pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def read_query(request: Request, kind: type[QuerySerializer]) -> dict[str, Any]:
    """The parameters of the address. Raises Faulty for unknown, repeated and wrong ones."""
    given = request.query_params
    faults = [
        ApiFault("repeated_parameter", str(SHAPES["repeated_parameter"]), None, name)
        for name, values in given.lists()
        if len(values) > 1
    ]
    serializer = kind(data=given.dict())
    if not serializer.is_valid():
        faults += [
            worded(one, parameter=str(name))
            for name, found in serializer.errors.items()
            for one in found
        ]
    if faults:
        raise Faulty(faults)
    return serializer.validated_data


BYTES = "Bytes"
"""The body of an operation that takes bytes, whatever they are."""

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """What a method of a resource takes and answers, for the description of the door.

    `body` and `answer` name schemas. `again` is the status for what was done by an earlier request;
    0 where there is none. `match` says of If-Match: "" (not read), "may" or "must".
    `refusals` are codes of problems beside those that every operation has. `media_types` are those
    of the body, `codings` the ways in which it may be packed, `headers` those of the answer beside
    what every answer of its kind has.
    """

    id: str
    summary: Promise
    answer: str
    status: int = 200
    body: str = ""
    match: str = ""
    refusals: tuple[str, ...] = ()
    again: int = 0
    media_types: tuple[str, ...] = (JSON,)
    codings: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


class Resource(APIView):
    """A resource of the REST door.

    `scopes` says for each method which scope a key needs; a method without one is denied.
    `query` holds the parameters that the method's serializer knows; any other one is refused.
    A change with an Idempotency-Key is done once (`trail.once`); `needs_key` demands one.
    """

    scopes: Mapping[str, str] = {}
    operations: Mapping[str, Operation] = {}
    query_serializers: Mapping[str, type[QuerySerializer]] = {}
    every_query: type[QuerySerializer] = QuerySerializer
    """The parameters of a method that has no serializer of its own."""

    query: dict[str, Any]
    needs_key = False
    body_bytes = 0
    """The most that a body has; 0 for what the settings say of all."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for method in ("post", "patch"):
            if method in cls.__dict__:
                setattr(cls, method, once(cls.__dict__[method]))

    def fingerprint(self, request: Request) -> str:
        """What tells a change from another one that is sent with the same key."""
        return fingerprint_of(request, request._request.body)

    def retold(self, request: Request, body: Any, **address: Any) -> None:
        """Leave the trace of a kept answer that is given again, where its first telling left one.

        `address` holds what the address names.
        """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else request.method
        self.query = read_query(request, self.query_of(method))

    def query_of(self, method: str) -> type[QuerySerializer]:
        """The parameters that the address may carry with this method."""
        return self.query_serializers.get(method, self.every_query)


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursor of the next one; None on the last."""

    rows: list[Any]
    cursor: str | None


SALT = "trail.api.cursor"


def page_of(found: QuerySet, order: Sequence[str], query: Mapping[str, Any]) -> Page:
    """The page that the query names, in the order of these unique columns. Raises Faulty.

    It begins behind the last row of the page before, so that rows which come or go meanwhile
    neither repeat nor hide others.
    """
    limit, list_ = query["limit"], f"{found.model._meta.label}:{','.join(order)}"
    if "cursor" in query:
        found = found.filter(_behind(order, place_of(query["cursor"], of=list_)))
    rows = list(found.order_by(*order)[: limit + 1])
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], cursor_at([getattr(last, name) for name in order], of=list_))


def cursor_at(place: Sequence[Any], *, of: str) -> str:
    """The cursor of the page that begins behind a place in the list of that name."""
    return Signer(salt=f"{SALT}:{of}").sign_object(list(place))


def place_of(cursor: str, *, of: str) -> list[Any]:
    """The place that a cursor names. Raises Faulty for one that was not made for this list."""
    try:
        return Signer(salt=f"{SALT}:{of}").unsign_object(cursor)
    except (BadSignature, ValueError):
        fault = ApiFault("bad_cursor", str(SHAPES["bad_cursor"]), None, "cursor")
        raise Faulty([fault]) from None


def _behind(order: Sequence[str], place: Sequence[Any]) -> Q:
    """The rows behind a place; the first column stands alone too, so that its index serves."""
    if len(order) == 1:
        return Q(**{f"{order[0]}__gt": place[0]})
    first = order[0]
    return Q(**{f"{first}__gte": place[0]}) & (
        Q(**{f"{first}__gt": place[0]}) | _behind(order[1:], place[1:])
    )


def paged(request: Request, results: list[Any], cursor: str | None) -> Response:
    """The answer with a page: its results and the address of the next one, or null."""
    following = None
    if cursor is not None:
        asked = request.query_params.copy()
        asked["cursor"] = cursor
        following = request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
    return Response({"next": following, "results": results})
