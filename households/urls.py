from django.urls import path

from households.views import changes, corrections, register

app_name = "households"
urlpatterns = [
    path("", register.register, name="register"),
    path("<str:number>/changes/", changes.choose, name="change"),
    path("<str:number>/changes/<int:change>/", changes.mend, name="change_mend"),
    path("<str:number>/changes/<str:kind>/", changes.report, name="change_report"),
    path("<str:number>/correct/<int:year>/", corrections.correct, name="correct"),
]
