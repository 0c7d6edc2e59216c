"""Input of the list of households without a helper: who helps, from when, which of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.forms.judged import JudgedForm, day_field, ticks
from teams.forms.pairings import helper_choices
from teams.queries.helper_list import Helper

ONLY = "only"
"""The name of the button in a row: that household alone, whatever else is ticked."""


class PairForm(JudgedForm):
    """A helper for one household, or for all that are ticked."""

    starts_on = day_field(_("Helps from"))

    def __init__(
        self,
        *args: Any,
        helpers: Iterable[Helper],
        households: Sequence[tuple[str, str]],
        today: date,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["helper"] = forms.ChoiceField(
            label=_("Helper"), choices=helper_choices(helpers)
        )
        self.fields["starts_on"].initial = today
        self.fields["ticked"] = ticks(_("Households"), households, required=False)

    @property
    def chosen(self) -> list[str]:
        """The numbers of the households: of the row whose button was pressed, or the ticked."""
        only = self.data.get(ONLY, "")
        return [only] if only else self.cleaned_data["ticked"]

    def clean(self) -> dict[str, Any]:
        if not self.data.get(ONLY) and self.cleaned_data.get("ticked") == []:
            self.take([("ticked", str(_("tick at least one, or use the button of a row.")))])
        return self.cleaned_data
