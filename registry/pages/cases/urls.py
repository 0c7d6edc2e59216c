from django.urls import path

from registry.pages.cases import views

urlpatterns = [
    path("inbox/", views.inbox_page, name="inbox"),
    path("cases/<int:case>/", views.case_page, name="case"),
    path("cases/<int:case>/steps/<slug:step>/", views.step_page, name="case_step"),
    path("cases/<int:case>/facts/", views.facts_page, name="case_facts"),
    path("cases/<int:case>/objections/", views.objection_page, name="case_objection"),
    path(
        "cases/<int:case>/objections/<int:objection>/",
        views.resolution_page,
        name="case_resolution",
    ),
]
