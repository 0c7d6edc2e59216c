"""Routes of the exits of households."""

from django.urls import path

from exits.views import households

urlpatterns = [
    path("plan/", households.plan, name="plan"),
    path("tracking/", households.tracked, name="tracking"),
    path("returns/", households.returns, name="returns"),
    path("households/<str:number>/exit/", households.propose, name="propose"),
    path("households/<str:number>/revocation/", households.revoke, name="revoke"),
    path("households/<str:number>/removal/", households.remove, name="remove"),
    path("cases/<int:case>/survey/", households.survey, name="survey"),
]
