"""The addresses under `/api/v1/sync/`."""

from django.urls import path

from exchange.api.changes import ChangeFeed

urlpatterns = [
    path("changes/", ChangeFeed.as_view(), name="changes"),
]
