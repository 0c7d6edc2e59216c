"""Routes of helpers and pairings."""

from django.urls import path

from teams.views import helper_list, pairings

urlpatterns = [
    path("helpers/", helper_list.listing, name="helpers"),
    path("helpers/file/", helper_list.download, name="helpers_file"),
    path("helpers/<slug:cadre>/", helper_list.show, name="helper"),
    path("helpers/<slug:cadre>/hand-on/", helper_list.hand_on, name="helper_hand_on"),
    path("pairings/<int:pairing>/hand-over/", pairings.hand_over, name="pairing_hand_over"),
    path("pairings/<int:pairing>/end/", pairings.end, name="pairing_end"),
]
