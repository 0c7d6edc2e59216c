"""The routes of the section; each subject brings its own."""

from exits.urls import households, records, villages

app_name = "exits"
urlpatterns: list = [
    *households.urlpatterns,
    *records.urlpatterns,
    *villages.urlpatterns,
]
