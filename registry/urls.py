"""Every route of the site; each app brings its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from registry import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", include("registry.pages.urls")),
    path("", include("officers.urls")),
    path("divisions/", include("divisions.urls")),
    path("households/", include("households.urls")),
    path("register/", include("registry.pages.registering.urls")),
    path("imports/", include("households.import_urls")),
    path("teams/", include("teams.urls")),
    path("assistance/", include("assistance.urls")),
    path("exits/", include("exits.urls")),
    path("reviews/", include("reviews.urls")),
    path("standards/", include("reviews.standard_urls")),
    path("freezes/", include("reviews.freeze_urls")),
    path("exchange/", include("exchange.urls")),
    path("api/v1/", include("registry.api.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
]
