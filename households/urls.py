from django.urls import path

from households.views import corrections, register

app_name = "households"
urlpatterns = [
    path("", register.register, name="register"),
    path("<str:number>/correct/<int:year>/", corrections.correct, name="correct"),
]
