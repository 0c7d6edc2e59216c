from django.urls import path

from households.api import views
from households.api.standards import Standards

urlpatterns = [
    path("codes/", views.Codes.as_view(), name="codes"),
    path("standards/", Standards.as_view(), name="standards"),
    path("households/", views.Households.as_view(), name="households"),
    path("households/<slug:number>/", views.OneHousehold.as_view(), name="household"),
    path("households/<slug:number>/members/", views.Members.as_view(), name="members"),
    path("households/<slug:number>/surveys/", views.Surveys.as_view(), name="surveys"),
]
