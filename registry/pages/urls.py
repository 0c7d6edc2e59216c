from django.urls import path

from registry.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("look/", views.look, name="look"),
    path("demo/date/", views.move_date, name="move_date"),
]
