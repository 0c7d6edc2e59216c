"""Routes of the measures of villages and of their income."""

from django.urls import path

from assistance.views import distributing, villages
from trail.sheets import FORMS

urlpatterns = [
    path("villages/", villages.listing, name="village_measures"),
    path("villages/income/", distributing.income, name="asset_income"),
    *(
        path(
            f"villages/income.{form}", distributing.download, {"form": form}, name=f"income_{form}"
        )
        for form in FORMS
    ),
    path("villages/measures/<uuid:item>/", villages.show, name="village_measure"),
    path("villages/measures/<uuid:item>/add/", villages.add, name="beneficiaries_add"),
    path("villages/measures/<uuid:item>/shares/", villages.change, name="beneficiaries"),
    path("villages/measures/<uuid:item>/distribute/", distributing.add, name="distribute"),
    path("villages/income/<uuid:distribution>/", distributing.show, name="distribution"),
    path(
        "villages/income/<uuid:distribution>/withdraw/",
        distributing.withdraw,
        name="distribution_withdraw",
    ),
]
