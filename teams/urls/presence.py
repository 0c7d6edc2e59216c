"""Routes of days in the village."""

from django.urls import path

from teams.views import attendance, day_table, presence

urlpatterns = [
    path("presence/", presence.today_page, name="presence"),
    path("presence/absence/", presence.ask, name="ask_absence"),
    path("presence/village/", attendance.village_page, name="attendance"),
    path("presence/days/", day_table.index, name="presence_totals"),
    path("presence/days/csv/", day_table.download, {"form": "csv"}, name="presence_csv"),
    path("presence/days/xlsx/", day_table.download, {"form": "xlsx"}, name="presence_xlsx"),
    path("presence/days/<str:cadre>/", attendance.person_page, name="presence_person"),
    path("presence/days/<str:cadre>/inspection/", attendance.inspect, name="inspect"),
    path("presence/days/<str:cadre>/<str:day>/", attendance.day_page, name="keep_day"),
    path(
        "presence/days/<str:cadre>/<str:day>/withdrawal/", attendance.withdraw, name="withdraw_day"
    ),
]
