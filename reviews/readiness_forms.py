"""Input of the readiness pages: which year and place, and which households."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.quality import MISSING, kinds_for
from reviews.queries.unready import KIND_LABELS
from trail.forms import PlainForm


class ReadinessForm(PlainForm):
    """Which year of which place; a faulty year is named and the year at hand is shown."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)
    order = forms.ChoiceField(
        label=_("Order of the places"),
        required=False,
        choices=[
            ("", _("by code")),
            ("missing", _("most without a survey first")),
            ("gaps", _("most with something unknown first")),
            ("issues", _("most with doubtful facts first")),
        ],
        error_messages={"invalid_choice": _("Choose one of the orders.")},
    )

    def __init__(self, *args: Any, years: Collection[int], at_hand: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.at_hand = at_hand
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(year, str(year)) for year in years],
            error_messages={"invalid_choice": _("Choose one of the years.")},
        )

    def wanted_year(self) -> int:
        """The chosen year; the one at hand where none, or no such year, is chosen."""
        self.is_valid()
        return self.cleaned_data.get("year") or self.at_hand

    def wanted_order(self) -> str:
        """Which count of the places to sort by, the largest first; empty for the codes."""
        self.is_valid()
        return self.cleaned_data.get("order", "")


class KindForm(ReadinessForm):
    """The same, and which households: those without a survey, with a gap, with a doubt.

    `demanded` are the gaps that count in the place and year.
    """

    def __init__(self, *args: Any, demanded: Collection[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Households with"),
            choices=[(kind, KIND_LABELS[kind]) for kind in kinds_for(demanded)],
            error_messages={"invalid_choice": _("Choose one of the kinds.")},
        )

    def wanted_kind(self) -> str:
        """The chosen kind, else the households without a survey."""
        self.is_valid()
        return self.cleaned_data.get("kind") or MISSING
