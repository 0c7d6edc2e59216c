from django.urls import path

from households.views import imports

CSV, XLSX = {"form": "csv"}, {"form": "xlsx"}

app_name = "importing"
urlpatterns = [
    path("", imports.index, name="list"),
    path("new/", imports.upload, name="upload"),
    path("template/", imports.filled_template, name="filled_template"),
    path("template.csv", imports.template, CSV, name="template_csv"),
    path("template.xlsx", imports.template, XLSX, name="template_xlsx"),
    path("<int:batch_id>/", imports.batch, name="batch"),
    path("<int:batch_id>/confirm/", imports.confirm, name="confirm"),
    path("<int:batch_id>/faulty.csv", imports.faulty_rows, CSV, name="faulty_csv"),
    path("<int:batch_id>/faulty.xlsx", imports.faulty_rows, XLSX, name="faulty_xlsx"),
]
