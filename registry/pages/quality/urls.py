from django.urls import path

from registry.pages.quality import views

urlpatterns = [
    path("quality/", views.quality, name="quality"),
    path("quality/list/", views.quality_list, name="quality_list"),
    path("quality/counts.csv", views.quality_file, {"form": "csv"}, name="quality_csv"),
    path("quality/counts.xlsx", views.quality_file, {"form": "xlsx"}, name="quality_xlsx"),
    path("quality/<int:issue>/", views.quality_explain, name="quality_explain"),
]
