"""Input of the pages of policy parameters: a value of each sort, its year and its source."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.actions.parameters import SOURCE_LENGTH
from workflow.parameter_kinds import (
    Account,
    Choice,
    Deadline,
    Known,
    Parameter,
    Share,
    Window,
    is_day,
)

WRITTEN = re.compile(r"([0-9]{1,2})[-/.月 ]([0-9]{1,2})日?")
NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})
SHORT = forms.TextInput(attrs={"class": "short", "autocomplete": "off"})


class DayField(forms.CharField):
    """A day of every year as month and day; 10-1, 10/01 and 10月1日 become 10-01."""

    widget = SHORT

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", _("Month and day, such as 10-01."))
        super().__init__(
            max_length=10, error_messages={"required": _("Write month and day.")}, **kwargs
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        found = WRITTEN.fullmatch(text)
        written = f"{int(found[1]):02d}-{int(found[2]):02d}" if found else text
        if not is_day(written):
            raise forms.ValidationError(
                _("Write a day that every year has as month and day, such as 10-01."),
                code="invalid",
            )
        return written


def _whole(label: Any, most: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        max_value=most,
        widget=NUMBER,
        error_messages={
            "required": _("Write a whole number."),
            "invalid": _("Write a whole number with digits."),
            "max_value": _("Write at most %(limit_value)s."),
        },
    )


class YearForm(forms.Form):
    """For which year the parameters are shown; a faulty one shows this year."""

    year = forms.TypedChoiceField(
        label=_("Year"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose one of the years.")},
    )

    def __init__(self, *args: Any, years: list[int], this: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.this = this
        self.fields["year"].choices = [(year, str(year)) for year in years]

    def wanted(self) -> int:
        """The chosen year, else this one."""
        self.is_valid()
        return self.cleaned_data.get("year") or self.this


class ParameterForm(forms.Form):
    """A value of one parameter: the fields follow its sort; `first` is where its faults stand."""

    def __init__(self, *args: Any, known: Known, value: Any, years: list[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known = known
        for name, field in _fields_for(known, value).items():
            self.fields[name] = field
        self.first = next(iter(self.fields))
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Holds from the year"),
            coerce=int,
            choices=[(year, str(year)) for year in years],
            error_messages={"invalid_choice": _("Choose one of the years.")},
        )
        self.fields["source"] = forms.CharField(
            label=_("Source"),
            max_length=SOURCE_LENGTH,
            help_text=_("The rule or notice that it comes from, with its date or number."),
            error_messages={"required": _("Say which rule or notice it comes from.")},
        )

    def clean(self) -> dict[str, Any]:
        known = self.cleaned_data
        faulty = self.errors.keys() - {"year", "source"}
        if not faulty and not self.known.allows(self.value()):
            self.add_error(self.first, _(self.known.advice) % self.known.figures)
        return known

    def value(self) -> Any:
        """The value as parameters keep it; the fields are valid."""
        known = self.cleaned_data
        if isinstance(self.known, Share):
            return [known["part"], known["whole"]]
        if isinstance(self.known, Window):
            return [known["first_day"], known["last_day"]]
        if isinstance(self.known, Choice):
            return known["word"]
        if isinstance(self.known, Account):
            return known["username"]
        return known["day"] if isinstance(self.known, Deadline) else known["number"]

    def take(self, faults: Mapping[str, str]) -> None:
        """Put the faults that the action found at their fields."""
        for name, fault in faults.items():
            self.add_error(name if name in self.fields else self.first, fault)


def _fields_for(known: Known, value: Any) -> dict[str, forms.Field]:
    if isinstance(known, Parameter):
        field = _whole(_("Value"))
        field.help_text = known.limits
        return {"number": _with(field, value)}
    if isinstance(known, Choice):
        word: forms.Field = forms.ChoiceField(
            label=_("Value"),
            choices=[(word, gettext(label)) for word, label in known.words],
            error_messages={"invalid_choice": gettext(known.advice)},
        )
        return {"word": _with(word, value)}
    if isinstance(known, Account):
        name = forms.CharField(
            label=_("User name"), required=False, max_length=50, help_text=gettext(known.advice)
        )
        return {"username": _with(name, value)}
    if isinstance(known, Share):
        part, whole = value
        return {
            "part": _with(_whole(_("At least so many")), part),
            "whole": _with(_whole(_("of so many"), known.most), whole),
        }
    if isinstance(known, Window):
        first, last = value
        return {
            "first_day": _with(DayField(label=_("First day")), first),
            "last_day": _with(DayField(label=_("Last day")), last),
        }
    return {"day": _with(DayField(label=_("Last day")), value)}


def _with(field: forms.Field, value: Any) -> forms.Field:
    field.initial = value
    return field
