"""How much one client may keep here: uploads that wait to be taken in, their parts, and reports."""

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange import upload_store
from exchange.models import Upload, UploadPart, UploadState
from officers.models import Client
from trail.errors import Refused

MOST_UNFINISHED = 100
MOST_STORED = 32 * 1024**3
UNFINISHED = (UploadState.OPEN, UploadState.WAITING)


class TooManyUploads(Refused):
    """The client has as many uploads that are open or waiting as it may (409)."""

    code = "too_many_uploads"

    def __init__(self) -> None:
        super().__init__(
            _("At most 100 of your uploads are open or waiting. Close them, or wait until they are"
              " taken in.")
        )  # fmt: skip


class NoRoom(Refused):
    """What the client keeps here would be more than it may (409)."""

    code = "no_room"

    def __init__(self) -> None:
        super().__init__(
            _("Your parts that wait, and your reports of 30 days, have at most 32 GiB. Wait until"
              " what you sent is taken in.")
        )  # fmt: skip


def refuse_many(client_id: int) -> None:
    """Raises TooManyUploads when one more would be. Locks the client until the transaction ends."""
    _lock(client_id)
    unfinished = Upload.objects.filter(client_id=client_id, state__in=UNFINISHED).count()
    if unfinished >= MOST_UNFINISHED:
        raise TooManyUploads


def refuse_full(client_id: int, more: int) -> None:
    """Raises NoRoom when `more` bytes would be too many. Locks the client as `refuse_many`."""
    _lock(client_id)
    parts = UploadPart.objects.filter(upload__client_id=client_id, upload__state__in=UNFINISHED)
    told = Q(finished_at=None) | Q(finished_at__gte=timezone.now() - upload_store.KEPT_FOR)
    reports = Upload.objects.filter(told, client_id=client_id)
    stored = parts.aggregate(bytes=Sum("size"))["bytes"] or 0
    stored += reports.aggregate(bytes=Sum("report_bytes"))["bytes"] or 0
    if stored + more > MOST_STORED:
        raise NoRoom


def _lock(client_id: int) -> None:
    Client.objects.select_for_update(no_key=True).get(pk=client_id)
