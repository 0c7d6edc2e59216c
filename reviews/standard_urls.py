from django.urls import path

from reviews.views import standards

app_name = "standards"
urlpatterns = [
    path("", standards.index, name="list"),
    path("prepare/", standards.prepare, name="prepare"),
    path("<int:standard_id>/", standards.page, name="standard"),
    path("<int:standard_id>/change/", standards.change, name="change"),
    path("<int:standard_id>/discard/", standards.discard, name="discard"),
    path("<int:standard_id>/preview/", standards.preview, name="preview"),
    path("<int:standard_id>/progress/", standards.progress, name="progress"),
    path("<int:standard_id>/publish/", standards.publish, name="publish"),
]
