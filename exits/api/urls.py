from django.urls import path

from exits.api import views

urlpatterns = [
    path("exits/", views.Exits.as_view(), name="exits"),
    path("exits/<int:case_id>/", views.OneExit.as_view(), name="exit"),
    path("village-exits/", views.VillageExits.as_view(), name="village_exits"),
    path("village-exits/<int:case_id>/", views.OneVillageExit.as_view(), name="village_exit"),
    path("county-exits/", views.CountyExits.as_view(), name="county_exits"),
    path("county-exits/<int:case_id>/", views.OneCountyExit.as_view(), name="county_exit"),
]
