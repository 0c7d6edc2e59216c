"""The routes of the section; each subject brings its own."""

app_name = "exits"
urlpatterns: list = []
