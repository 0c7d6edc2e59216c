"""The field by which a form takes photos and PDFs."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from workflow.pictures import MOST_BYTES

MOST_AT_ONCE = 5


class FilesInput(forms.FileInput):
    """Several files at once; a phone offers its camera."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/*,application/pdf", "data-shrink": ""})


class FilesField(forms.FileField):
    """Some files, each within the size that is read; what they are is judged by the action."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = [one for one in data if one] if isinstance(data, list | tuple) else [data]
        if not any(given):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(given) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Add at most %(most)s files at once.") % {"most": MOST_AT_ONCE}, code="many"
            )
        for one in given:
            if one.size > MOST_BYTES:
                raise forms.ValidationError(
                    _("The file is larger than 10 MB. Take the photo smaller."), code="large"
                )
        return given
