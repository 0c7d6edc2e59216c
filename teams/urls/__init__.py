"""The routes of the section; each subject brings its own."""

app_name = "teams"
urlpatterns: list = []
