from django.urls import path

from identification.api import views

urlpatterns = [
    path("identifications/", views.Identifications.as_view(), name="identifications"),
    path(
        "identifications/<int:case_id>/", views.OneIdentification.as_view(), name="identification"
    ),
]
