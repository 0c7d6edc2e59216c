"""The change feed: what stands and what changes within the client's posting, none skipped."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature, Signer, b64_decode
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.request import Request

from exchange.actions.contacts import note_asked, note_caught_up
from exchange.models import Kind
from exchange.queries.documents import Reader
from exchange.queries.feed import (
    Changes,
    LogPlace,
    Told,
    WalkPlace,
    beginning,
    changes,
    end_of_log,
)
from exchange.queries.history import history
from exchange.queries.household_documents import compact
from officers.actions import note_identities
from officers.rules import Scope
from trail import plain_json
from trail.api import (
    ANY_SCOPE,
    MOST_ROWS,
    SHAPES,
    ApiFault,
    Faulty,
    Operation,
    QuerySerializer,
    Resource,
)
from trail.errors import Refused

MOST_CHANGES = 1000
SALT = "exchange.changes.cursor"
SIGNATURE = re.compile("[0-9A-Za-z_-]{43}")
NOW = "now"
LONGEST_TOLD = 100
"""Characters of what is not known that an answer repeats."""

KINDS: Mapping[str, Kind] = {kind.name.lower(): kind for kind in Kind}
NAMES: Mapping[Kind, str] = {kind: name for name, kind in KINDS.items()}
SCOPES: Mapping[Kind, Scope] = {
    Kind.HOUSEHOLD: Scope.READ,
    Kind.CASE: Scope.CASES,
    Kind.PLAN: Scope.HELP_READ,
    Kind.TEAM: Scope.TEAMS,
}
PLACES: Mapping[str, type[LogPlace] | type[WalkPlace]] = {"log": LogPlace, "walk": WalkPlace}


@dataclass(frozen=True)
class Cursor:
    """Behind which place, of which history, and for whom."""

    epoch: str
    scope: str
    place: LogPlace | WalkPlace


class CursorGone(Refused):
    """What lies behind the cursor cannot be told whole any more (410)."""

    status = 410
    code = "cursor_gone"

    def __init__(self) -> None:
        super().__init__(
            _("The register was restored, the cursor is too old or signed by another key, or the"
              " client's posting, its scopes or the kinds are others. Begin anew, without a"
              " cursor.")
        )  # fmt: skip


UNKNOWN_KIND: dict[str, Promise] = {
    "unknown_kind": gettext_lazy("“%(unknown)s” is no kind; ask for some of %(offered)s"),
}


class Kinds(serializers.RegexField):
    """Names of kinds with commas between them, each a kind that the feed has."""

    def __init__(self, **more: Any):
        one = f"({'|'.join(KINDS)})"
        super().__init__(f"^{one}(,{one})*$", **more)

    def to_internal_value(self, data: Any) -> tuple[Kind, ...]:
        words = str(data).split(",")
        if unknown := [word for word in words if word not in KINDS]:
            params = {"unknown": ", ".join(unknown)[:LONGEST_TOLD], "offered": ", ".join(KINDS)}
            sentence = str(UNKNOWN_KIND["unknown_kind"]) % params
            raise ValidationError([ErrorDetail(sentence, "unknown_kind")])
        return tuple(sorted({KINDS[word] for word in words}))

    def run_validators(self, value: Any) -> None:
        """What was read is offered; the pattern is for the description."""


class ChangesQuery(QuerySerializer):
    """Behind which place, how much, and of what."""

    cursor = serializers.CharField(
        required=False,
        help_text=gettext_lazy(
            "“next” of the page before. Without it, all that stands comes first."
        ),
    )
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_CHANGES,
        default=MOST_ROWS,
        help_text=gettext_lazy("At most so many changes."),
    )
    kinds = Kinds(
        required=False,
        help_text=gettext_lazy(
            "household, case, plan, team, with commas; without it, all that the key opens."
        ),
    )
    since = serializers.ChoiceField(
        choices=[NOW],
        required=False,
        help_text=gettext_lazy("“now”: only what changes from now on; without a cursor alone."),
    )

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if "cursor" in values and "since" in values:
            raise ValidationError({"since": [ErrorDetail("", "bad_parameter")]})
        return values


class ChangeFeed(Resource):
    """All that stands, then all that changes, of the kinds that the key opens."""

    scopes = {"GET": ANY_SCOPE}
    query_serializers = {"GET": ChangesQuery}
    operations = {
        "GET": Operation(
            "read_changes",
            gettext_lazy("Read what stands, then what changed since"),
            "ChangePage",
            refusals=("cursor_gone",),
        )
    }

    def get(self, request: Request) -> HttpResponse:
        reader = reader_of(request, self.query.get("kinds"))
        cursor = opened(self.query["cursor"]) if "cursor" in self.query else None
        if cursor and cursor.scope != scope_of(reader):
            raise CursorGone
        epoch = cursor.epoch if cursor else history().epoch
        page = self.page_behind(cursor, reader)
        told = history()
        if told.epoch != epoch or (cursor and not told.tells_from(cursor.place[0])):
            raise CursorGone
        note_told(request, reader, page)
        note = note_asked if page.more else note_caught_up
        note(request.user)
        following = Cursor(told.epoch, scope_of(reader), page.place)
        return HttpResponse(written(page, following), content_type="application/json")

    def page_behind(self, cursor: Cursor | None, reader: Reader) -> Changes:
        """The page that was asked for; the first one without a cursor."""
        if cursor is None and self.query.get("since") == NOW:
            return Changes([], end_of_log(), more=False)
        place = cursor.place if cursor else beginning(reader)
        return changes(reader, place, limit=self.query["limit"])


def reader_of(request: Request, wanted: tuple[Kind, ...] | None) -> Reader:
    """The client, with the kinds that it wants, or all that its key opens.

    Raises PermissionDenied for a kind that the key does not open, and for a key that opens none.
    """
    held = request.auth.scopes
    opens = tuple(kind for kind in Kind if SCOPES[kind] in held)
    kinds = wanted or opens
    if not kinds or not set(kinds) <= set(opens):
        raise PermissionDenied
    return Reader(request.user, kinds, masked=Scope.IDENTITY not in held)


def scope_of(reader: Reader) -> str:
    """What a cursor holds for: with any other scope its reader would have missed something."""
    told = f"{reader.place}/{[*map(int, reader.kinds)]}/{reader.masked}"
    return sha256(told.encode()).hexdigest()[:16]


def sealed(cursor: Cursor) -> str:
    """The cursor as a text that clients keep and do not read."""
    kind = "walk" if isinstance(cursor.place, WalkPlace) else "log"
    return Signer(salt=SALT).sign_object([cursor.epoch, cursor.scope, kind, *cursor.place])


def opened(text: str) -> Cursor:
    """The cursor of a text. Raises Faulty for one that no door makes.

    Raises CursorGone for one that has the form of ours and whose signature does not hold: the
    site's key is another one since, and who keeps it would ask with it for ever.
    """
    try:
        epoch, scope, kind, *place = Signer(salt=SALT).unsign_object(text)
    except (BadSignature, ValueError):
        if _has_our_form(text):
            raise CursorGone from None
        fault = ApiFault("bad_cursor", str(SHAPES["bad_cursor"]), None, "cursor")
        raise Faulty([fault]) from None
    return Cursor(epoch, scope, PLACES[kind](*place))


def _has_our_form(text: str) -> bool:
    """Whether a text looks like a cursor, whoever signed it. What it says is used for nothing."""
    said, _colon, signature = text.rpartition(":")
    if not SIGNATURE.fullmatch(signature):
        return False
    try:
        found = plain_json.read(b64_decode(said.encode()).decode())
    except ValueError:
        return False
    return isinstance(found, list) and found[2:3] in [[kind] for kind in PLACES]


def note_told(request: Request, reader: Reader, page: Changes) -> None:
    """Leave one trace row for a page that holds sensitive values in full."""
    told = [one.key for one in page.told if one.kind == Kind.HOUSEHOLD and one.document]
    if told and not reader.masked:
        note_identities(request.auth, resource="changes", numbers=told, by=request.user)


def written(page: Changes, following: Cursor) -> str:
    """The page as JSON. The documents are texts already; nobody reads them again."""
    results = ",".join(map(_result, page.told))
    more = "true" if page.more else "false"
    return (
        f'{{"epoch":"{following.epoch}","results":[{results}],'
        f'"next":"{sealed(following)}","more":{more}}}'
    )


def _result(told: Told) -> str:
    gone, version, text = "true", "null", "null"
    if document := told.document:
        gone, text = "false", document.text
        version = "null" if document.version is None else str(document.version)
    head = f'"kind":"{NAMES[told.kind]}","key":{compact(told.key)},"gone":{gone}'
    return f'{{{head},"version":{version},"document":{text}}}'
