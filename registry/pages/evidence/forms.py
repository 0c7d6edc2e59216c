"""Input of the evidence page: what the files show, and the files."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from registry.pages.evidence.subjects import Purposes
from trail.forms import PlainForm
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
        if not given or given == [None]:
            raise forms.ValidationError(self.error_messages["required"], code="required")
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


class EvidenceForm(PlainForm):
    """What the files show, and the files themselves."""

    purpose = forms.ChoiceField(label=_("What it shows"))
    uploads = FilesField(
        label=_("Photos or PDF"),
        help_text=_("Up to 5 files, together at most 20 MB. A phone can take the photo now."),
        error_messages={
            "required": _("Choose at least one file."),
            "invalid": _("Choose at least one file."),
        },
    )

    def __init__(self, *args: Any, purposes: Purposes, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", ""), *purposes.items()]
