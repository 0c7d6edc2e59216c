"""What of uploads is over after its time: those that nobody closed, their parts, and reports."""

from django.db import transaction
from django.utils import timezone

from exchange import upload_store
from exchange.models import Upload, UploadPart, UploadState

LAPSED = "lapsed"


def purge_uploaded() -> None:
    """End uploads that stayed open too long, and forget what was sent and told so long ago."""
    oldest = timezone.now() - upload_store.KEPT_FOR
    open_ = Upload.objects.filter(state=UploadState.OPEN, created_at__lt=oldest)
    for upload_id in [*open_.values_list("pk", flat=True)]:
        _end(upload_id)
    UploadPart.objects.filter(upload__finished_at__lt=oldest).delete()
    upload_store.purge()


@transaction.atomic
def _end(upload_id: int) -> None:
    """Let it take and know no part any more; one that was closed meanwhile stays."""
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.state != UploadState.OPEN:
        return
    upload.state, upload.fault, upload.finished_at = UploadState.FAILED, LAPSED, timezone.now()
    upload.save(update_fields=["state", "fault", "finished_at"])
    upload.received.all().delete()
    transaction.on_commit(lambda: upload_store.drop_parts(upload=upload.uuid))
