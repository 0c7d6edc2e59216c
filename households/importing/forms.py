"""Input of the import pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from households.importing.cells import VILLAGE
from households.importing.importers import FIRST_YEAR, latest_year
from households.importing.reader import BROWSER, MEGABYTE
from trail.dates import business_date

FILE_FORMS = [("xlsx", _("Excel workbook (XLSX)")), ("csv", _("CSV text"))]


class UploadForm(forms.Form):
    """A file and the year that it speaks of."""

    year = forms.IntegerField(
        label=_("Year of the facts"),
        help_text=_("The year whose incomes and guarantees the file holds."),
        min_value=FIRST_YEAR,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    file = forms.FileField(
        label=_("File of the register template"),
        help_text=_("XLSX or CSV, at most 20 MB and 60,000 rows."),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = business_date().year

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > latest_year():
            raise ValidationError(_("The year must not lie after next year."), code="year")
        return year

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if not file.size:
            raise ValidationError(
                _("The file is empty. Fill in the template and try again."), code="empty"
            )
        if file.size > (BROWSER.megabytes or 0) * MEGABYTE:
            raise ValidationError(
                _("The file is larger than 20 MB. Split it by village and try again."),
                code="too_large",
            )
        return file

    def arguments(self) -> dict[str, Any]:
        """What the upload action takes."""
        file: UploadedFile = self.cleaned_data["file"]
        return {
            "year": self.cleaned_data["year"],
            "file_name": file.name or "",
            "content": file.read(),
        }


class TemplateForm(forms.Form):
    """Which village the template is filled for, and as which kind of file."""

    village = forms.CharField(
        label=_("Village code"),
        help_text=_("12 digits. The template then holds the village's households."),
        max_length=12,
        widget=forms.TextInput(attrs={"class": "mid", "inputmode": "numeric"}),
    )
    form = forms.ChoiceField(label=_("Kind of file"), choices=FILE_FORMS)

    def clean_village(self) -> str:
        village: str = self.cleaned_data["village"].strip()
        if not VILLAGE.fullmatch(village):
            raise ValidationError(_("Write the 12 digits of the village code."), code="village")
        return village


class WithdrawForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays in the trace."),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
