"""The addresses under `/exchange/`."""

from django.urls import path

from exchange.views import decisions

app_name = "exchange"
urlpatterns = [
    path("decisions/", decisions.listing, name="decisions"),
    path("decisions/<uuid:decision>/take-in/", decisions.open_case, name="take_in"),
]
