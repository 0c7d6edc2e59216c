"""The first page of a registration: whom the household is registered for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from households import codes
from households.identity import Identity, InvalidNumber, read_identity
from households.importing import cells
from households.importing.cells import BadCell
from households.importing.reasons import say
from registry.pages.registering.forms.base import coded, labelled
from trail.forms import PlainForm


class StartForm(PlainForm):
    """The ID number of the householder, or why there is none; his name; the year of the facts."""

    id_number = forms.CharField(
        label=_("ID number of the householder"),
        help_text=_("18 characters, or 20 or 22 of a disability certificate."),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "class": "mid", "data-id-check": "", "autofocus": True}
        ),
    )
    no_id_reason = forms.CharField(
        label=_("No ID number yet, because"), required=False, widget=forms.Select
    )
    name = forms.CharField(
        label=_("Name of the householder"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "mid"}),
        strip=True,
    )
    year = forms.TypedChoiceField(label=_("Year of the facts"), coerce=int)

    def __init__(self, data: Any, *, today: date, years: Sequence[int]):
        super().__init__(data, initial={"year": years[0]})
        self.today = today
        self.identity: Identity | None = None
        self.fields["year"].choices = [(year, str(year)) for year in years]
        self.fields["no_id_reason"].widget.choices = coded(codes.choices("no_id_reason"))

    def clean_id_number(self) -> str:
        text = "".join(self.cleaned_data["id_number"].split())
        if text:
            try:
                self.identity = read_identity(text, today=self.today)
            except InvalidNumber as invalid:
                raise ValidationError(
                    labelled(gettext("ID number"), gettext(str(invalid))), code="id_number"
                ) from None
        return text

    def clean_no_id_reason(self) -> str:
        text = self.cleaned_data["no_id_reason"]
        return self._read("no_id_reason", text, cells.listed("no_id_reason")) if text else ""

    def clean_name(self) -> str:
        return self._read("name", self.cleaned_data["name"], cells.name)

    def _read(self, name: str, text: str, rule: cells.Rule) -> str:
        try:
            found: str = rule(text)
        except BadCell as bad:
            label = self.fields[name].label or ""
            raise ValidationError(labelled(label, say(bad.code, bad.params))) from None
        return found

    def clean(self) -> None:
        if "id_number" in self.errors or "no_id_reason" in self.errors:
            return
        if self.cleaned_data["id_number"]:
            self.cleaned_data["no_id_reason"] = ""
        elif not self.cleaned_data["no_id_reason"]:
            self.add_error(
                "id_number", _("Write the ID number, or choose below why there is none.")
            )

    def refuse_registered(self) -> None:
        """Say that the person is a member of some household, and not of which."""
        self.add_error(
            "id_number",
            _(
                "This person is already registered. Compare the number with the card; if it is"
                " right, ask the county office."
            ),
        )
