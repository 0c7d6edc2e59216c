from django.urls import path

from reviews.views import freezing

app_name = "freezes"
urlpatterns = [
    path("", freezing.index, name="list"),
    path("new/", freezing.freeze, name="new"),
]
