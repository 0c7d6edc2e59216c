from django.urls import path

from registry.pages.registering.views import drafts, steps, submit

app_name = "registering"
urlpatterns = [
    path("", drafts.draft_page, name="list"),
    path("start/", drafts.start, name="start"),
    path("households/<str:number>/", drafts.update, name="update"),
    path("<uuid:draft>/", drafts.tasks, name="tasks"),
    path("<uuid:draft>/delete/", drafts.discard, name="discard"),
    path("<uuid:draft>/check/", submit.check, name="check"),
    path("<uuid:draft>/go-on/", submit.go_on, name="go_on"),
    path("<uuid:draft>/done/", submit.done, name="done"),
    path("<uuid:draft>/<str:step>/", steps.step_page, name="step"),
]
