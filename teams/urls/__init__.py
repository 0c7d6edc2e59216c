"""The routes of the section; each subject brings its own."""

from teams.urls import roster

app_name = "teams"
urlpatterns: list = [*roster.urlpatterns]
