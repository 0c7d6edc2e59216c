"""Input of a candidate: who, where, as what, from when and how long."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from divisions.forms import DivisionField, offer_within
from divisions.models import Level
from officers.models import Officer
from teams.forms.judged import JudgedForm, day_field
from teams.forms.versioned import VersionedForm
from teams.models import POST_NAMES


class PersonInput(forms.TextInput):
    """A text box with a list of people, without script."""

    people: Iterable[tuple[str, str]] = ()

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        offers = f"{name}_people"
        box = super().render(name, value, {**(attrs or {}), "list": offers}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.people)
        return format_html('{}<datalist id="{}">{}</datalist>', box, offers, options)


class ProposeForm(JudgedForm):
    """Somebody for a post in a village."""

    person = forms.CharField(
        label=_("Person"),
        max_length=50,
        help_text=_("Number of the record, or the whole name."),
        widget=PersonInput(attrs={"autocomplete": "off"}),
    )
    village = DivisionField(label=_("Village"), levels=[Level.VILLAGE])
    post = forms.ChoiceField(label=_("Post"), choices=[("", _("choose")), *POST_NAMES.items()])
    starts_on = day_field(_("First day"))
    due_on = day_field(
        _("Planned last day"),
        required=False,
        help_text=_("Leave it empty for a term as long as the rules of the county say."),
    )

    def __init__(
        self, *args: Any, officer: Officer, people: Iterable[tuple[str, str]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        offer_within(self.fields["village"], officer)
        self.fields["person"].widget.people = people


class MendForm(VersionedForm):
    """The post and the days of a candidate who came back; person and village stay."""

    post = forms.ChoiceField(label=_("Post"), choices=[*POST_NAMES.items()])
    starts_on = day_field(_("First day"))
    due_on = day_field(_("Planned last day"))

    def days(self) -> tuple[date, date]:
        """First and planned last day."""
        return self.cleaned_data["starts_on"], self.cleaned_data["due_on"]
