"""Requests of the REST door that act once, however often they are sent.

A change that carries an `Idempotency-Key` runs in one transaction with the keeping of its answer.
Sent again, it gets the kept answer and does nothing. A refusal changed nothing and is not kept.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from trail.errors import Refused
from trail.models import StoredAnswer
from trail.sealing import seal_bytes, unseal_bytes
from trail.transactions import retried

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,64}")
KEPT_HEADERS = ("ETag", "Location")
BODY_FIELD = "trail.storedanswer.body"
CLAIM = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 8))"
SECONDS_TO_WAIT = 2

Handler = Callable[..., Response]


class Once(Protocol):
    """A resource: whether its changes need a key, and what tells one request from another."""

    needs_key: bool

    def fingerprint(self, request: Request) -> str: ...

    def retold(self, request: Request, body: Any, **address: Any) -> None: ...


class KeyMissing(Refused):
    """The change may not be sent without a key: a retry would do it twice (400)."""

    status = 400
    code = "key_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Send an Idempotency-Key of 1 to 64 visible ASCII characters, a new one for each"
              " request, the same one for each retry.")
        )  # fmt: skip


class KeyReused(Refused):
    """The key was used for another request (422)."""

    status = 422
    code = "key_reused"

    def __init__(self) -> None:
        super().__init__(
            _("This Idempotency-Key was sent with another request. Give each request its own.")
        )


class StillRunning(Refused):
    """The first request with this key is not answered yet (409, Retry-After)."""

    code = "still_running"
    retry_after = SECONDS_TO_WAIT

    def __init__(self) -> None:
        super().__init__(_("The same request is running. Wait, then send it again."))


class NarrowerKey(Refused):
    """The kept answer was made for a key of the client that opens more than this one (403)."""

    status = 403
    code = "no_scope"

    def __init__(self) -> None:
        super().__init__(
            _("The answer was made for a key with more scopes. Ask again with such a key.")
        )


class OtherPosting(Refused):
    """The kept answer was made while the client was posted elsewhere (403)."""

    status = 403
    code = "outside_posting"

    def __init__(self) -> None:
        super().__init__(
            _("The request was answered while the client was posted elsewhere. Read what stands"
              " now, then send what is missing with another Idempotency-Key.")
        )  # fmt: skip


def once(handler: Handler) -> Handler:
    """`handler`, a method of a resource, done once for each key that its client sends."""

    @wraps(handler)
    def run(view: Once, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None and not view.needs_key:
            return handler(view, request, *args, **kwargs)
        if key is None or not KEY.fullmatch(key):
            raise KeyMissing
        fingerprint = view.fingerprint(request)

        @retried
        @transaction.atomic
        def act() -> Response:
            client = request.user.pk
            if not _claimed(f"{client} {key}"):
                raise StillRunning
            kept = StoredAnswer.objects.filter(client_id=client, key=key).first()
            if kept is not None:
                again = _again(kept, fingerprint, request)
                view.retold(request, again.data, **kwargs)
                return again
            response = handler(view, request, *args, **kwargs)
            _keep(response, request, key, fingerprint)
            return response

        return act()

    return run


def fingerprint_of(request: Request, content: bytes) -> str:
    """What tells this request from another one: its method, address, version seen, and content."""
    told = f"{request.method} {request.get_full_path()} {request.headers.get('If-Match', '')}\n"
    return sha256(told.encode() + content).hexdigest()


def _claimed(name: str) -> bool:
    """Whether this transaction alone works on the request of that name, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [name])
        return cursor.fetchone()[0]


def _again(kept: StoredAnswer, fingerprint: str, request: Request) -> Response:
    if kept.fingerprint != fingerprint:
        raise KeyReused
    if not set(kept.scopes) <= set(request.auth.scopes):
        raise NarrowerKey
    if kept.posted_to != request.user.acting_division:
        raise OtherPosting
    body = unseal_bytes(kept.body_sealed, field=BODY_FIELD, row=kept.uuid)
    return Response(json.loads(body), kept.status, headers=kept.headers | {REPLAYED: "true"})


def _keep(response: Response, request: Request, key: str, fingerprint: str) -> None:
    kept = StoredAnswer(
        client_id=request.user.pk,
        key=key,
        fingerprint=fingerprint,
        scopes=request.auth.scopes,
        posted_to=request.user.acting_division,
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
    )
    body = JSONRenderer().render(response.data)
    kept.body_sealed = seal_bytes(body, field=BODY_FIELD, row=kept.uuid)
    kept.save(force_insert=True)


def purge(*, before: datetime) -> int:
    """Forget the answers that were kept before a moment; how many those were."""
    return StoredAnswer.objects.filter(at__lt=before).delete()[0]
