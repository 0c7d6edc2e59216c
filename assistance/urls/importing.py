"""Routes of the import and export of measures."""

from django.urls import path

from assistance.views import importing
from trail.sheets import FORMS

urlpatterns = [
    path("import/", importing.index, name="import"),
    path("import/save/", importing.save, name="import_save"),
    *(
        path(f"import/{what}.{form}", view, {"form": form}, name=f"import_{what}_{form}")
        for form in FORMS
        for what, view in (
            ("template", importing.template),
            ("measures", importing.measures),
            ("faulty", importing.faulty),
        )
    ),
]
