"""Routes of policy gaps and of the searches that find them."""

from django.urls import path

from assistance.views import gap, gap_runs, gaps
from trail.sheets import FORMS

urlpatterns = [
    path("gaps/", gaps.index, name="gaps"),
    path("gaps/list/", gaps.listing, name="gap_list"),
    *(
        path(f"gaps/list.{form}", gaps.download, {"form": form}, name=f"gap_list_{form}")
        for form in FORMS
    ),
    path("gaps/search/", gap_runs.search, name="gap_search"),
    path("gaps/searches/<int:run>/", gap_runs.show, name="gap_run"),
    path("gaps/searches/<int:run>/progress/", gap_runs.progress, name="gap_run_progress"),
    path("gaps/<int:gap>/", gap.show, name="gap"),
    path("gaps/<int:gap>/answer/", gap.resolve, name="gap_resolve"),
]
