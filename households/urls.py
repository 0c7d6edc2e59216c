from django.urls import path

from households.views import register

app_name = "households"
urlpatterns = [path("", register.register, name="register")]
