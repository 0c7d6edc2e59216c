"""The addresses under `/api/v1/sync/`."""

from django.urls import path

from exchange.api.batches import Batches
from exchange.api.changes import ChangeFeed
from exchange.api.decisions import Decisions
from exchange.api.totals import Totals
from exchange.api.uploads import OneUpload, UploadClose, UploadParts, UploadReport, Uploads

urlpatterns = [
    path("batches/", Batches.as_view(), name="batches"),
    path("changes/", ChangeFeed.as_view(), name="changes"),
    path("decisions/", Decisions.as_view(), name="decisions"),
    path("totals/", Totals.as_view(), name="totals"),
    path("uploads/", Uploads.as_view(), name="uploads"),
    path("uploads/<uuid:uuid>/", OneUpload.as_view(), name="upload"),
    path("uploads/<uuid:uuid>/parts/<int:part>/", UploadParts.as_view(), name="upload_part"),
    path("uploads/<uuid:uuid>/close/", UploadClose.as_view(), name="upload_close"),
    path("uploads/<uuid:uuid>/report/", UploadReport.as_view(), name="upload_report"),
]
