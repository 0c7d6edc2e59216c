"""The routes of the section; each subject brings its own."""

from teams.urls import (
    assessments,
    cadres,
    candidates,
    helper_list,
    importing,
    presence,
    roster,
    units,
    visits,
)

app_name = "teams"
urlpatterns: list = [
    *roster.urlpatterns,
    *assessments.urlpatterns,
    *visits.urlpatterns,
    *cadres.urlpatterns,
    *candidates.urlpatterns,
    *helper_list.urlpatterns,
    *importing.urlpatterns,
    *presence.urlpatterns,
    *units.urlpatterns,
]
