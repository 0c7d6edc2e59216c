"""Input of the import and export of a roster."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from households.importing.reader import MEGABYTE
from teams.importing.running import LIMITS
from trail.forms import PlainForm


class RosterFileForm(PlainForm):
    """The file to check."""

    file = forms.FileField(
        label=_("File of the roster template"),
        help_text=_("XLSX or CSV, at most 5 MB and 5,000 rows. The file is not kept."),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > (LIMITS.megabytes or 0) * MEGABYTE:
            raise ValidationError(_("The file is larger than 5 MB. Split it."), code="too_large")
        return file


class RosterDayForm(PlainForm):
    """The day whose roster is taken away."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today

    def day(self) -> date:
        """The chosen day, else today."""
        return (self.is_valid() and self.cleaned_data["on"]) or self.today
