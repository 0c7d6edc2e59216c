"""Routes of helpers and pairings."""

from django.urls import path

from teams.views import helpers, pairings

urlpatterns = [
    path("helpers/", helpers.listing, name="helpers"),
    path("helpers/file/", helpers.download, name="helpers_file"),
    path("helpers/<slug:cadre>/", helpers.show, name="helper"),
    path("helpers/<slug:cadre>/hand-on/", helpers.hand_on, name="helper_hand_on"),
    path("pairings/<int:pairing>/hand-over/", pairings.hand_over, name="pairing_hand_over"),
    path("pairings/<int:pairing>/end/", pairings.end, name="pairing_end"),
]
