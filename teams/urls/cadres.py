"""Routes of the records of cadres."""

from django.urls import path

from teams.views import cadres

urlpatterns = [
    path("cadres/", cadres.listing, name="cadres"),
    path("cadres/new/", cadres.add, name="cadre_add"),
    path("cadres/<slug:cadre>/", cadres.show, name="cadre"),
    path("cadres/<slug:cadre>/change/", cadres.change, name="cadre_change"),
    path("cadres/<slug:cadre>/account/", cadres.link, name="cadre_account"),
    path("cadres/<slug:cadre>/phone/", cadres.phone, name="cadre_phone"),
]
