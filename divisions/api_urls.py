from django.urls import path

from divisions import api

urlpatterns = [path("divisions/", api.Divisions.as_view(), name="divisions")]
