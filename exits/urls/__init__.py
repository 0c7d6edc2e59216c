"""The routes of the section; each subject brings its own."""

from exits.urls import records, villages

app_name = "exits"
urlpatterns: list = [
    *records.urlpatterns,
    *villages.urlpatterns,
]
