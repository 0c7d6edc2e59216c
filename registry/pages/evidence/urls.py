from django.urls import path

from registry.pages.evidence import views

urlpatterns = [
    path("evidence/file/<uuid:file>/", views.evidence_file, name="evidence_file"),
    path("evidence/file/<uuid:file>/remove/", views.evidence_removal, name="evidence_removal"),
    path("evidence/<str:kind>/<str:key>/", views.evidence, name="evidence"),
]
