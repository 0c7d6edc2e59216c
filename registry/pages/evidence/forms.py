"""Input of the evidence page: what the files show, and the files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.pages.evidence.subjects import Purposes
from trail.forms import PlainForm
from workflow.forms import FilesField


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
