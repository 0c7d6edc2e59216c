"""Every address of the REST door, version 1."""

from django.urls import include, path, re_path

from registry.api.finding import FindingOfYear
from registry.api.views import Nothing, docs, schema

app_name = "api"
urlpatterns = [
    path("schema/", schema, name="schema"),
    path("docs/", docs, name="docs"),
    path("", include("divisions.api_urls")),
    path("", include("households.api.urls")),
    path("", include("teams.api.urls")),
    path("", include("assistance.api.urls")),
    path("", include("identification.api.urls")),
    path("", include("monitoring.api.urls")),
    path("", include("exits.api.urls")),
    path("", include("reviews.api.urls")),
    path("sync/", include("exchange.api.urls")),
    path("households/<slug:number>/finding/", FindingOfYear.as_view(), name="finding"),
    re_path("", Nothing.as_view(), name="nothing"),
]
