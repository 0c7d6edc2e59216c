"""Routes of the lists of villages and counties, and of the indicators."""

from django.urls import path

from exits.views import counties, indicators, villages
from trail.sheets import FORMS

urlpatterns = [
    path("villages/", villages.listing, name="villages"),
    path("villages/list/", villages.add, name="list_places"),
    path("villages/<str:code>/", villages.show, name="village"),
    path("judgements/<int:case>/<str:code>/", villages.judge, name="judge"),
    path("counties/", counties.listing, name="counties"),
    path("counties/<str:code>/", counties.show, name="county"),
    path("evaluations/<int:case>/", counties.evaluation, name="evaluation"),
    path("evaluations/<int:case>/file/", counties.evaluation_file, name="evaluation_file"),
    *(
        path(
            f"evaluations/<int:case>/template.{form}",
            counties.evaluation_template,
            {"form": form},
            name=f"evaluation_template_{form}",
        )
        for form in FORMS
    ),
    path("indicators/", indicators.listing, name="indicators"),
    path("indicators/add/", indicators.add, name="indicator_add"),
    path("indicators/confirm/<int:version>/", indicators.confirm, name="indicator_confirm"),
    path("indicators/<str:code>/", indicators.show, name="indicator"),
    path("indicators/<str:code>/change/", indicators.change, name="indicator_change"),
]
