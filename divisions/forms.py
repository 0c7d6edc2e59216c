"""A form field for one division: a code or a name, with the likely ones offered beside it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from divisions.models import Division, Level
from divisions.queries import Place, UnknownDivision, choices, find
from divisions.scope import Posted
from trail.dates import business_date


class DivisionInput(forms.TextInput):
    """A text box with a list of suggestions, without script."""

    field: "DivisionField"

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        offers = f"{name}_places"
        box = super().render(name, value, {**(attrs or {}), "list": offers}, renderer)
        options = format_html_join(
            "",
            '<option value="{}">{}</option>',
            ((place.division.pk, place) for place in self.field.offered()),
        )
        return format_html('{}<datalist id="{}">{}</datalist>', box, offers, options)


class DivisionField(forms.CharField):
    """A division in force within the officer's posting, at one of `levels`.

    The form says for whom: `offer_within(self.fields["division"], officer)`.
    """

    widget = DivisionInput
    officer: Posted

    def __init__(self, *, levels: Iterable[int] = tuple(Level), **kwargs: Any):
        kwargs.setdefault("help_text", _("Write the code or the name."))
        super().__init__(max_length=100, **kwargs)
        self.levels = tuple(levels)

    def __deepcopy__(self, memo: dict[int, Any]) -> "DivisionField":
        copied = super().__deepcopy__(memo)
        copied.widget.field = copied
        return copied

    def offered(self) -> list[Place]:
        """The suggestions of the list."""
        return choices(self.officer, on=business_date(), levels=self.levels)

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Division) else value

    def clean(self, value: Any) -> Division | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return find(self.officer, text, on=business_date(), levels=self.levels)
        except UnknownDivision as unknown:
            raise forms.ValidationError(unknown.message, code=unknown.code) from None


def offer_within(field: forms.Field, officer: Posted) -> None:
    """Let a form's DivisionField offer and accept what lies within the officer's posting."""
    if not isinstance(field, DivisionField):
        raise TypeError(f"{field} is no DivisionField")
    field.officer = officer


class DivisionSearchForm(forms.Form):
    """What to look for in the list of divisions. Names of places are public."""

    q = forms.CharField(label=_("Code or beginning of the name"), max_length=100, required=False)
