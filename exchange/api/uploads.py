"""Large loads: opened, sent in parts, closed, then followed until they are taken in."""

import uuid as uuids
from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from exchange import stream, upload_store
from exchange.actions.uploading import MOST_PARTS, close_upload, keep_part, open_upload
from exchange.models import Upload, UploadForm
from exchange.rules import Packing
from exchange.tasks import take_in_upload
from exchange.uploaded import FAULTS
from households.api.shapes import Whole
from households.importing.importers import FIRST_YEAR, latest_year
from households.importing.reasons import say
from households.tasks import nudge_later
from officers.rules import Scope
from trail.api import (
    BYTES,
    Operation,
    PageQuery,
    Resource,
    StrictSerializer,
    cursor_at,
    page_of,
    paged,
    place_of,
    read_body,
)
from trail.errors import Refused
from trail.shapes import moment


class UploadBody(StrictSerializer):
    """What the file is, and how it is packed."""

    packing = serializers.ChoiceField(choices=[*Packing], default=Packing.NONE)
    format = serializers.ChoiceField(choices=UploadForm.values, default=UploadForm.LINES)
    year = Whole(min_value=FIRST_YEAR, required=False)

    def validate_year(self, year: int) -> int:
        latest = latest_year()
        if year > latest:
            sentence = say("year_late", {"year": latest})
            raise serializers.ValidationError([ErrorDetail(sentence, "year_late")])
        return year

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """A table speaks of a year, lines name their years themselves."""
        is_table = values["format"] == UploadForm.TABLE
        if is_table != ("year" in values):
            code = "required" if is_table else "unknown_field"
            raise serializers.ValidationError({"year": [ErrorDetail("", code)]})
        return values


class CloseBody(StrictSerializer):
    """What makes the file whole."""

    parts = Whole(min_value=1, max_value=MOST_PARTS)
    sha256 = serializers.RegexField("^[0-9a-f]{64}$")


def upload_of(request: Request, uuid: uuids.UUID) -> Upload:
    """The client's own upload of the address, else 404."""
    return get_object_or_404(Upload.objects.of(request.user), uuid=uuid)


class Uploads(Resource):
    """The uploads of the client."""

    needs_key = True
    scopes = {"GET": Scope.WRITE, "POST": Scope.WRITE}
    query_serializers = {"GET": PageQuery}
    operations = {
        "GET": Operation("list_uploads", _("List your uploads"), "UploadPage"),
        "POST": Operation(
            "open_upload",
            _("Open an upload of many households, as lines of JSON or as the register template"),
            "Upload",
            201,
            "NewUpload",
            refusals=("too_many_uploads",),
            headers=("Location",),
        ),
    }

    def get(self, request: Request) -> Response:
        found = Upload.objects.of(request.user).prefetch_related("received")
        page = page_of(found, ("pk",), self.query)
        return paged(request, [upload_json(one) for one in page.rows], page.cursor)

    def post(self, request: Request) -> Response:
        body = read_body(UploadBody(data=request.data))
        upload = open_upload(
            packing=Packing(body["packing"]),
            form=body["format"],
            year=body.get("year"),
            key=request.auth,
            by=request.user,
        )
        response = Response(upload_json(upload), 201)
        response["Location"] = reverse("api:upload", args=[upload.uuid])
        return response


class OneUpload(Resource):
    """One upload: how far it is."""

    scopes = {"GET": Scope.WRITE}
    operations = {
        "GET": Operation(
            "read_upload", _("Read how far an upload is"), "Upload", refusals=("not_found",)
        )
    }

    def get(self, request: Request, uuid: uuids.UUID) -> Response:
        return Response(upload_json(upload_of(request, uuid)))


class UploadParts(Resource):
    """One part of the file: bytes, whatever they are."""

    body_bytes = settings.API_BATCH_BYTES
    scopes = {"PUT": Scope.WRITE}
    operations = {
        "PUT": Operation(
            "send_part",
            _("Send a part of the file, numbered from 1; the same one again changes nothing"),
            "Upload",
            body=BYTES,
            refusals=("not_found", "upload_closed", "part_differs",
                      "upload_too_large", "no_room", "unreadable"),
        )
    }  # fmt: skip

    def put(self, request: Request, uuid: uuids.UUID, part: int) -> Response:
        upload = upload_of(request, uuid)
        if part < 1:
            raise Http404
        keep_part(upload, part, stream.whole(request._request))
        return Response(upload_json(upload))


class UploadClose(Resource):
    """The end of the file."""

    scopes = {"POST": Scope.WRITE}
    operations = {
        "POST": Operation(
            "close_upload",
            _("Close an upload: a worker takes it in"),
            "Upload",
            202,
            "UploadEnd",
            refusals=("not_found", "upload_closed", "parts_missing"),
        )
    }

    def post(self, request: Request, uuid: uuids.UUID) -> Response:
        upload = upload_of(request, uuid)
        body = read_body(CloseBody(data=request.data))
        closed = close_upload(upload, parts=body["parts"], digest=body["sha256"], by=request.user)
        nudge_later(take_in_upload, closed.pk)
        return Response(upload_json(closed), 202)


class ReportGone(Refused):
    """What became of the households is not kept any more (410)."""

    status = 410
    code = "report_gone"

    def __init__(self) -> None:
        super().__init__(gettext("Reports are kept for 30 days. Read the households themselves."))


class UploadReport(Resource):
    """What became of each household, in the order of the file."""

    scopes = {"GET": Scope.WRITE}
    query_serializers = {"GET": PageQuery}
    operations = {
        "GET": Operation(
            "read_report",
            _("Read what became of each household of an upload"),
            "PushResultPage",
            refusals=("not_found", "report_gone"),
        )
    }

    def get(self, request: Request, uuid: uuids.UUID) -> Response:
        """At most `limit` households of one chunk that was taken in, or the rest of one."""
        upload = upload_of(request, uuid)
        list_, limit = f"report:{uuid}", self.query["limit"]
        piece, first = 1, 0
        if "cursor" in self.query:
            piece, first = place_of(self.query["cursor"], of=list_)
        if piece > upload.pieces:  # nothing of what is being written, which may come to nothing
            return paged(request, [], None)
        try:
            rows = upload_store.piece_of(upload=upload.uuid, number=piece)
        except FileNotFoundError:
            raise ReportGone from None
        following = (piece, first + limit) if first + limit < len(rows) else (piece + 1, 0)
        cursor = cursor_at(following, of=list_) if following[0] <= upload.pieces else None
        return paged(request, rows[first : first + limit], cursor)


def upload_json(upload: Upload) -> dict[str, Any]:
    """An upload and how far it is."""
    return {
        "uuid": str(upload.uuid),
        "state": upload.state,
        "format": upload.form,
        "year": upload.year,
        "packing": Packing.GZIP if upload.is_packed else Packing.NONE,
        "parts": sorted(one.number for one in upload.received.all()),
        "lines_done": upload.lines_done,
        "counts": upload.counts,
        "unknown": upload.unknown,
        "fault": upload.fault or None,
        "detail": _detail(upload),
        "created_at": moment(upload.created_at),
        "finished_at": moment(upload.finished_at),
    }


def _detail(upload: Upload) -> str | None:
    """The sentence of what stopped an upload."""
    if upload.fault in FAULTS:
        return str(FAULTS[upload.fault])
    return say(upload.fault, upload.fault_params) if upload.fault else None
