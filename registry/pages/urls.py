from django.urls import include, path

from registry.pages.views import frame, home, household, imports, reveal

app_name = "pages"
urlpatterns = [
    path("", home.home, name="home"),
    path("", include("registry.pages.cases.urls")),
    path("", include("registry.pages.evidence.urls")),
    path("", include("registry.pages.notices.urls")),
    path("", include("registry.pages.parameters.urls")),
    path("", include("registry.pages.unhelped.urls")),
    path("", include("registry.pages.quality.urls")),
    path("", include("registry.pages.prints.urls")),
    path("look/", frame.look, name="look"),
    path("demo/date/", frame.move_date, name="move_date"),
    path("imports/<int:batch_id>/withdraw/", imports.withdraw, name="withdraw_import"),
    path("households/<str:number>/", household.page, name="household"),
    path("households/<str:number>/phone/", reveal.phone, name="reveal_phone"),
    path("households/<str:number>/members/<int:member>/", reveal.id_number, name="reveal_id"),
]
