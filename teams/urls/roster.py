"""Routes of the roster, of what is missing in it, and of the ends of terms."""

from django.urls import path

from teams.views import (
    calendar,
    change_of_hands,
    coverage,
    gaps,
    needs,
    people,
    roster,
    terms,
    villages,
)

urlpatterns = [
    path("", roster.index, name="roster"),
    path("gaps/", gaps.index, name="gaps"),
    path("calendar/", calendar.index, name="calendar"),
    path("coverage/", coverage.index, name="coverage"),
    path("coverage/list.csv", coverage.download, {"form": "csv"}, name="coverage_csv"),
    path("coverage/list.xlsx", coverage.download, {"form": "xlsx"}, name="coverage_xlsx"),
    path("needs/", needs.index, name="needs"),
    path("needs/new/", needs.add, name="need_add"),
    path("needs/<int:need>/end/", needs.end, name="need_end"),
    path("villages/<str:code>/", villages.show, name="village"),
    path("people/<slug:number>/", people.show, name="person"),
    path("terms/<int:term>/end/", terms.end, name="term_end"),
    path("terms/<int:term>/change/", change_of_hands.change, name="change_hands"),
    path("terms/<int:term>/handover/", terms.handover, name="hand_over"),
]
