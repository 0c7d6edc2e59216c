"""Routes of the catalogue of measures, and of what of it suits a household."""

from django.urls import path

from assistance.views import catalogue, recommendation

urlpatterns = [
    path("catalogue/", catalogue.listing, name="catalogue"),
    path("catalogue/new/", catalogue.add, name="measure_add"),
    path("catalogue/<str:code>/", catalogue.show, name="measure"),
    path("catalogue/<str:code>/change/", catalogue.change, name="measure_change"),
    path("catalogue/<str:code>/withdraw/", catalogue.withdraw, name="measure_withdraw"),
    path("households/<str:number>/recommendation/", recommendation.page, name="recommendation"),
]
