"""Input of the record of a village for a year, and of its import."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exits.importing.running import LIMITS
from households.actions.village_records import REASON_LENGTH, Entry
from households.importing.reader import MEGABYTE
from households.models import VillageRecord
from households.village_fields import (
    DECIMAL_DIGITS,
    DECIMAL_PLACES,
    MOST_NUMBER,
    PARTS,
    Field,
    Kind,
    Value,
    fields,
    in_words,
    read,
)
from teams.forms.seen import SeenForm
from trail.forms import PlainForm

YES_NO = (("", "–"), ("1", gettext_lazy("yes")), ("0", gettext_lazy("no")))
FLAGS = {"1": True, "0": False}


def figure_field(one: Field, hint: str) -> forms.Field:
    """The form field of a figure; `hint` is what stood there a year before."""
    common: dict[str, Any] = {"label": str(one), "help_text": hint, "required": False}
    if one.kind == Kind.FLAG:
        return forms.TypedChoiceField(
            choices=YES_NO, coerce=FLAGS.__getitem__, empty_value=None, **common
        )
    whole = one.kind == Kind.NUMBER
    mode = "numeric" if whole else "decimal"
    widget = forms.TextInput(attrs={"inputmode": mode, "class": "short"})
    if whole:
        text = _("Enter a whole number from 0 to 10,000,000.")
        codes = dict.fromkeys(("invalid", "min_value", "max_value"), text)
        return forms.IntegerField(
            min_value=0, max_value=MOST_NUMBER, widget=widget, error_messages=codes, **common
        )
    text = _("Enter a number from 0 with at most two places, such as 1200.50.")
    kinds = ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        min_value=0,
        max_digits=DECIMAL_DIGITS,
        decimal_places=DECIMAL_PLACES,
        widget=widget,
        error_messages=dict.fromkeys(kinds, text),
        **common,
    )


@dataclass(frozen=True)
class Part:
    """The fields of one part of the form."""

    name: str
    title: Promise
    fields: list[forms.BoundField]


class RecordForm(SeenForm):
    """The figures of a village for a year, by parts; a correction says why.

    `seen` is the key of the record that the officer saw, "" for none.
    """

    def __init__(
        self,
        *args: Any,
        before: VillageRecord | None,
        last_year: VillageRecord | None,
        **kwargs: Any,
    ):
        values = read(before.values) if before else {}
        known = {name: _initial(value) for name, value in values.items()}
        initial = known | {"seen": str(before.pk) if before else ""}
        super().__init__(*args, **kwargs | {"initial": initial})
        earlier = read(last_year.values) if last_year else {}
        for name, one in fields().items():
            self.fields[name] = figure_field(one, _hint(last_year, earlier.get(name)))
        if before:
            self.fields["reason"] = forms.CharField(
                label=_("Reason of the correction"), max_length=REASON_LENGTH
            )

    def parts(self) -> list[Part]:
        """The fields by part, in the order of the record."""
        return [
            Part(name, title, [self[one.name] for one in fields().values() if one.part == name])
            for name, title in PARTS.items()
        ]

    def entry(self, year: int) -> Entry:
        """What was entered for a year."""
        known = self.cleaned_data
        values: Mapping[str, Value | None] = {name: known[name] for name in fields()}
        return Entry(year, values, self.seen_key(), known.get("reason", ""))


def _initial(value: Value) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    return value


def _hint(last_year: VillageRecord | None, value: Value | None) -> str:
    if last_year is None:
        return ""
    return _("%(year)s: %(value)s") % {"year": last_year.year, "value": in_words(value)}


class RecordFileForm(PlainForm):
    """The file of records to check."""

    file = forms.FileField(
        label=gettext_lazy("File of the template of village records"),
        help_text=gettext_lazy("XLSX or CSV, at most 5 MB and 5,000 rows. The file is not kept."),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        """A file of a size that can be read at once."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > (LIMITS.megabytes or 0) * MEGABYTE:
            raise ValidationError(_("The file is larger than 5 MB. Split it."), code="too_large")
        return file
