"""Routes of what help came to: of a place, and of a plan with its yearly evaluation."""

from django.urls import path

from assistance.views import effect, evaluating
from trail.sheets import FORMS

urlpatterns = [
    path("effect/", effect.index, name="effect"),
    *(
        path(f"effect.{form}", effect.download, {"form": form}, name=f"effect_{form}")
        for form in FORMS
    ),
    path("plans/<uuid:plan>/effect/", evaluating.show, name="plan_effect"),
    path("plans/<uuid:plan>/evaluate/", evaluating.evaluate, name="evaluate"),
]
