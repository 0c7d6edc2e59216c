from django.urls import path

from monitoring.api import views

urlpatterns = [
    path("watches/", views.Watches.as_view(), name="watches"),
    path("watches/<int:case_id>/", views.OneWatch.as_view(), name="watch"),
]
