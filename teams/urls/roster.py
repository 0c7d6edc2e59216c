"""Routes of the roster."""

from django.urls import path

from teams.views import roster

urlpatterns = [path("", roster.index, name="roster")]
