"""Routes of the households without a helper."""

from django.urls import path

from registry.pages.unhelped import views

urlpatterns = [path("teams/unhelped/", views.unhelped, name="unhelped")]
