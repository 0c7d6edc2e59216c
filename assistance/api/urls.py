from django.urls import path

from assistance.api import sending, views

urlpatterns = [
    path("catalogue/", views.Catalogue.as_view(), name="catalogue"),
    path("plans/", views.Plans.as_view(), name="plans"),
    path("plans/<uuid:uuid>/", views.OnePlan.as_view(), name="plan"),
    path("measures/", views.Measures.as_view(), name="measures"),
    path("measures/<uuid:uuid>/", views.OneMeasure.as_view(), name="measure"),
    path("measures/<uuid:uuid>/deliver/", sending.Deliver.as_view(), name="deliver"),
]
