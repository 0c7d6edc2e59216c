"""Routes of yearly assessments, training and incentives."""

from django.urls import path

from teams.views import assessments, training

urlpatterns = [
    path("assessments/", assessments.listing, name="assessments"),
    path("assessments/open/", assessments.open_all, name="assessments_open"),
    path("assessments/<int:assessment>/", assessments.show, name="assessment"),
    path("assessments/<int:assessment>/points/", assessments.points, name="points"),
    path("assessments/<int:assessment>/poll/", assessments.poll, name="poll"),
    path("cadres/<slug:cadre>/assess/", assessments.open_one, name="assess"),
    path("cadres/<slug:cadre>/incentive/", assessments.incentive, name="incentive"),
    path("training/", training.listing, name="training"),
    path("training/new/", training.add, name="training_add"),
    path("training/short/", training.short, name="training_short"),
    path("training/<int:training>/", training.show, name="training_course"),
    path("training/<int:training>/correct/", training.correct, name="training_correct"),
    path("training/<int:training>/people/<str:code>/", training.tick, name="training_people"),
]
