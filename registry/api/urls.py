"""Every address of the REST door, version 1."""

from django.urls import include, path, re_path

from registry.api import views

app_name = "api"
urlpatterns = [
    path("schema/", views.Schema.as_view(), name="schema"),
    path("docs/", views.docs, name="docs"),
    path("", include("divisions.api_urls")),
    path("", include("households.api.urls")),
    re_path("", views.Nothing.as_view(), name="nothing"),
]
