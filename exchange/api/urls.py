"""The addresses under `/api/v1/sync/`."""

from django.urls import path

from exchange.api.batches import Batches
from exchange.api.changes import ChangeFeed
from exchange.api.decisions import Decisions
from exchange.api.totals import Totals

urlpatterns = [
    path("batches/", Batches.as_view(), name="batches"),
    path("changes/", ChangeFeed.as_view(), name="changes"),
    path("decisions/", Decisions.as_view(), name="decisions"),
    path("totals/", Totals.as_view(), name="totals"),
]
