"""The addresses under `/api/v1/sync/`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
