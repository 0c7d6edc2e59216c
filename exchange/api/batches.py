"""Many households in one request: compared, judged and written together, a result for each."""

from collections import Counter

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from exchange import stream
from exchange.actions.pushing import Outwards, push_items
from exchange.items import ItemReader
from exchange.results import result_json
from exchange.rules import Way
from exchange.tasks import check_push
from households.api.telling import TellsOfPeople
from households.tasks import nudge_later
from officers.actions import note_told, refuse_told_enough
from officers.rules import Scope
from trail.api import Operation, QuerySerializer
from trail.once import fingerprint_of

MOST = 1000
"""Households in a request."""


class BatchQuery(QuerySerializer):
    """Whether the batch is only tried."""

    dry_run = serializers.ChoiceField(
        choices=["0", "1"],
        default="0",
        help_text=_("1: nothing is written, the answer is the same."),
    )


class Batches(TellsOfPeople):
    """Households pushed by another system."""

    needs_key = True
    body_bytes = settings.API_BATCH_BYTES
    scopes = {"POST": Scope.WRITE}
    query_serializers = {"POST": BatchQuery}
    operations = {
        "POST": Operation(
            "push_households",
            _("Push up to 1,000 households with their people and the facts of years"),
            "BatchAnswer",
            body="Batch",
            refusals=("encoding_unknown", "told_enough"),
            media_types=(stream.DOCUMENT, stream.LINES),
            codings=stream.CODINGS,
        )
    }
    content: bytes

    def fingerprint(self, request: Request) -> str:
        self.content = stream.unpacked(
            stream.WholeBody(request._request),
            request.headers.get("Content-Encoding", "").strip().lower(),
            limit=self.body_bytes,
        )
        return fingerprint_of(request, self.content)

    def post(self, request: Request) -> Response:
        media_type = request.content_type.partition(";")[0].strip().lower()
        if media_type not in (stream.DOCUMENT, stream.LINES):
            raise UnsupportedMediaType(request.content_type)
        reader = ItemReader()
        bodies = enumerate(stream.items(self.content, media_type, most=MOST))
        items = (reader.read(place, body) for place, body in bodies)
        refuse_told_enough(request.auth)
        with transaction.atomic():
            pushed = push_items(items, way=Way.BATCH, key=request.auth, by=request.user)
            if is_dry := self.query["dry_run"] == "1":
                transaction.set_rollback(True)
            else:
                nudge_later(check_push, pushed.push.pk)
        note_told(request.auth, pushed.outside, by=request.user)
        counts = Counter(one.result for one in pushed.results)
        return Response(
            {
                "push": None if is_dry else pushed.push.pk,
                "counts": {str(kind): counts[kind] for kind in Outwards},
                "results": [result_json(one) for one in pushed.results],
            }
        )
