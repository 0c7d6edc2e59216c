from django.urls import path

from divisions import views

app_name = "divisions"
urlpatterns = [
    path("", views.browse, name="browse"),
]
