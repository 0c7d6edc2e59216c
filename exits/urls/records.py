"""Routes of the records of villages, their import and export."""

from django.urls import path

from exits.views import importing, records
from trail.sheets import FORMS

urlpatterns = [
    path("records/", records.listing, name="records"),
    path("records/import/", importing.index, name="records_import"),
    path("records/import/save/", importing.save, name="records_import_save"),
    *(
        path(f"records/import/{what}.{form}", view, {"form": form}, name=f"records_{what}_{form}")
        for form in FORMS
        for what, view in (
            ("template", importing.template),
            ("file", importing.records),
            ("faulty", importing.faulty),
        )
    ),
    path("records/<str:code>/", records.show, name="record"),
    path("records/<str:code>/<int:year>/", records.enter, name="record_enter"),
]
