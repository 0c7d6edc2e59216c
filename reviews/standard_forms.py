"""Input of the pages of standards."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from households.explain import LABELS
from households.models import Standard
from households.rules import GUARANTEES
from reviews.actions.standards import Content
from trail.forms import PlainForm

FIRST_YEAR = 2014
LONGEST_SOURCE = Standard._meta.get_field("source").max_length
TOO_LARGE = _("Write an amount below 100 million yuan. Is it in yuan, not in fen?")
GROUPING = str.maketrans("", "", ",，")


class YuanField(forms.DecimalField):
    """An amount above nothing in yuan, exact to the fen; thousands may be grouped."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            max_digits=10,
            decimal_places=2,
            min_value=Decimal("0.01"),
            widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
            error_messages={
                "required": _("Write the amount in yuan."),
                "invalid": _("Write the amount in yuan with digits, such as 4000 or 4000.50."),
                "min_value": _("The amount has to be more than nothing."),
                "max_decimal_places": _("Write at most two digits after the point."),
                "max_digits": TOO_LARGE,
                "max_whole_digits": TOO_LARGE,
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.translate(GROUPING) if isinstance(value, str) else value)


class StandardForm(PlainForm):
    """What a standard says; `last_year` is the latest year that one can be prepared for."""

    year = forms.TypedChoiceField(
        label=_("Year"), coerce=int, error_messages={"invalid_choice": _("Choose a year.")}
    )
    line = YuanField(
        label=_("Poverty line"),
        help_text=_("Yuan per person and year. A household below it lacks income."),
    )
    monitoring_line = YuanField(
        label=_("Monitoring line"),
        help_text=_(
            "Yuan per person and year, at least the poverty line. Who has left the register and"
            " falls below it is proposed for watching."
        ),
    )
    guarantees = forms.MultipleChoiceField(
        label=_("Guarantees that a household must have"),
        choices=[(name, LABELS[name]) for name in GUARANTEES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What you leave out is not demanded: a household without it lacks nothing, and where it"
            " is unknown, no fact is missing."
        ),
        error_messages={"required": _("Leave at least one guarantee ticked.")},
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=LONGEST_SOURCE,
        help_text=_("The document that sets it: who issued it, its title, number and date."),
        error_messages={"required": _("Name the document that sets this standard.")},
    )

    def __init__(self, *args: Any, last_year: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        years = range(last_year, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]

    def clean_monitoring_line(self) -> Decimal:
        line, monitoring = self.cleaned_data.get("line"), self.cleaned_data["monitoring_line"]
        if line is not None and monitoring < line:
            raise forms.ValidationError(
                _("The monitoring line is at least the poverty line."), code="too_low"
            )
        return monitoring

    def content(self) -> Content:
        """The input of the action; the form is valid."""
        known = self.cleaned_data
        return Content(
            year=known["year"],
            line=known["line"],
            monitoring_line=known["monitoring_line"],
            guarantees=known["guarantees"],
            source=known["source"],
        )


class DiscardForm(PlainForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It is kept in the trace. No names."),
        error_messages={"required": _("Say why the draft is set aside.")},
    )


def content_of(standard: Standard) -> dict[str, Any]:
    """What a form starts with that changes this standard."""
    return {
        "year": standard.year,
        "line": standard.line,
        "monitoring_line": standard.monitoring_line,
        "guarantees": standard.guarantees,
        "source": standard.source,
    }
