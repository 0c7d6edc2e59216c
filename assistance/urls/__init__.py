"""The routes of the section; each subject brings its own."""

from assistance.urls import catalogue, delivering, effect, gaps, importing, plans, villages

app_name = "assistance"
urlpatterns: list = [
    *catalogue.urlpatterns,
    *delivering.urlpatterns,
    *effect.urlpatterns,
    *gaps.urlpatterns,
    *importing.urlpatterns,
    *plans.urlpatterns,
    *villages.urlpatterns,
]
