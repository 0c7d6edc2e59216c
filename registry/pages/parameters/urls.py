from django.urls import path

from registry.pages.parameters import views

urlpatterns = [
    path("parameters/", views.index, name="parameters"),
    path("parameters/one/", views.page, name="parameter"),
    path("parameters/confirm/<int:version>/", views.confirm, name="parameter_confirm"),
]
