from django.urls import path

from registry.pages.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/<int:notice>/", views.notice, name="notice"),
    path("notices/<int:notice>/down/", views.notice_down, name="notice_down"),
    path("notices/<int:notice>/poster/", views.poster, name="notice_poster"),
    path("public/notices/", views.public_notices, name="public_notices"),
    path("public/notices/<str:code>/", views.public_notices, name="public_notices_of"),
    path("robots.txt", views.robots, name="robots"),
]
