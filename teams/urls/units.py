"""Routes of the sponsoring units."""

from django.urls import path

from teams.views import units

urlpatterns = [
    path("units/", units.listing, name="units"),
    path("units/new/", units.add, name="unit_add"),
    path("units/<int:unit>/", units.show, name="unit"),
    path("units/<int:unit>/change/", units.change, name="unit_change"),
    path("units/<int:unit>/end/", units.end, name="unit_end"),
    path("units/<int:unit>/resume/", units.resume, name="unit_resume"),
]
