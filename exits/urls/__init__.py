"""The routes of the section; each subject brings its own."""

from exits.urls import households, plans, records, villages

app_name = "exits"
urlpatterns: list = [
    *households.urlpatterns,
    *plans.urlpatterns,
    *records.urlpatterns,
    *villages.urlpatterns,
]
