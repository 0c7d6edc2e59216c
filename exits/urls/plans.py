"""Routes of exit plans."""

from django.urls import path

from exits.views import exit_plans

urlpatterns = [
    path("plans/", exit_plans.overview, name="plans"),
    path("plans/approvers/", exit_plans.approvers, name="approvers"),
    path("plans/approve/<int:plan>/", exit_plans.approve, name="plan_approve"),
    path("plans/<str:code>/<slug:about>/", exit_plans.versions, name="plan_versions"),
    path("plans/<str:code>/<slug:about>/write/", exit_plans.write, name="plan_write"),
]
