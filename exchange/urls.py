"""The addresses under `/exchange/`."""

from django.urls import path

from exchange.views import decisions, differences, health

app_name = "exchange"
urlpatterns = [
    path("", health.show, name="health"),
    path("differences/", differences.listing, name="differences"),
    path("differences/<slug:number>/", differences.household, name="household_differences"),
    path("differences/<slug:number>/all/", differences.decide_all, name="decide_all_differences"),
    path("differences/<slug:number>/numbers/", differences.numbers, name="difference_numbers"),
    path("decisions/", decisions.listing, name="decisions"),
    path("decisions/<uuid:decision>/take-in/", decisions.open_case, name="take_in"),
]
