from django.urls import path

from divisions.api import Divisions

urlpatterns = [path("divisions/", Divisions.as_view(), name="divisions")]
