"""Input of the import and export of measures."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assistance.importing.running import LIMITS
from households.importing.reader import MEGABYTE
from trail.forms import PlainForm


class MeasureFileForm(PlainForm):
    """The file to check."""

    file = forms.FileField(
        label=_("File of the template of measures"),
        help_text=_("XLSX or CSV, at most 5 MB and 10,000 rows. The file is not kept."),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > (LIMITS.megabytes or 0) * MEGABYTE:
            raise ValidationError(_("The file is larger than 5 MB. Split it."), code="too_large")
        return file


class MeasureYearForm(PlainForm):
    """Of which year and place measures are taken away; `places` are (code, name)."""

    year = forms.IntegerField(
        label=_("Plans of the year"), required=False, min_value=2014, max_value=2999
    )

    def __init__(
        self, *args: Any, this_year: int, places: Sequence[tuple[str, str]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.this_year = this_year
        self.fields["year"].initial = this_year
        whole = [("", _("the whole place"))]
        self.fields["division"] = forms.ChoiceField(
            label=_("Of which place"), required=False, choices=[*whole, *places]
        )

    def wanted(self) -> tuple[int, str]:
        """The chosen year, else the current one, and the code of the place, "" for all."""
        return self.cleaned_data["year"] or self.this_year, self.cleaned_data["division"]
