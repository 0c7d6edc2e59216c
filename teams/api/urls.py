from django.urls import path

from teams.api import views

urlpatterns = [
    path("teams/", views.Teams.as_view(), name="teams"),
    path("terms/", views.Terms.as_view(), name="terms"),
    path("presence/totals/", views.PresenceTotals.as_view(), name="presence_totals"),
    path("coverage/", views.CoverageOfPlace.as_view(), name="coverage"),
]
