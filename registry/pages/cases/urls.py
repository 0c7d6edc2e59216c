from django.urls import path

from registry.pages.cases.views import explaining, inbox, recording, steps

urlpatterns = [
    path("inbox/", inbox.inbox_page, name="inbox"),
    path("inbox/<str:village>/<slug:kind>/<slug:state>/", inbox.batch_page, name="batch"),
    path("cases/<int:case>/", steps.case_page, name="case"),
    path("cases/<int:case>/next/", steps.next_page, name="case_next"),
    path("cases/<int:case>/explained/", explaining.explained_page, name="case_explained"),
    path("cases/<int:case>/steps/<slug:step>/", steps.step_page, name="case_step"),
    path("cases/<int:case>/facts/", steps.facts_page, name="case_facts"),
    path("cases/<int:case>/comparison/", recording.comparison_page, name="case_comparison"),
    path("cases/<int:case>/red-lines/", recording.red_line_page, name="case_red_line"),
    path("cases/<int:case>/red-lines/<int:hit>/<slug:act>/", recording.hit_page, name="case_hit"),
    path("cases/<int:case>/appeals/", recording.appeal_page, name="case_appeal"),
    path(
        "cases/<int:case>/appeals/<int:appeal>/",
        recording.appeal_result_page,
        name="case_appeal_result",
    ),
    path("cases/<int:case>/objections/", steps.objection_page, name="case_objection"),
    path(
        "cases/<int:case>/objections/<int:objection>/",
        steps.resolution_page,
        name="case_resolution",
    ),
]
