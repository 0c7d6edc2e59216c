"""Input of policy gaps: a search, which ones to list, an answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.actions.gap_resolving import LONGEST_WORDS
from assistance.models.gaps import GAP_KIND_NAMES, RESOLUTION_NAMES
from assistance.queries.gap_list import STANDING, STATE_NAMES
from assistance.queries.gap_words import rule_names
from teams.forms.judged import JudgedForm, day_field, text_area
from teams.forms.versioned import VersionedForm
from trail.forms import PlainForm

CHOOSE = {"invalid_choice": _("Choose one of those offered.")}


class SearchForm(JudgedForm):
    """A place and a year to be searched."""

    def __init__(
        self, *args: Any, places: Iterable[tuple[str, str]], years: Iterable[int], **more: Any
    ):
        super().__init__(*args, **more)
        self.fields["division"] = forms.ChoiceField(label=_("Place"), choices=list(places))
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"), coerce=int, choices=[(one, str(one)) for one in years]
        )


class YearForm(PlainForm):
    """Which place and year, and for the places below which rule."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.years = list(years)
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(one, str(one)) for one in self.years],
            error_messages=CHOOSE,
        )
        self.fields["rule"] = forms.ChoiceField(
            label=_("Rule"),
            required=False,
            choices=[("", _("every rule")), *rule_names().items()],
            error_messages=CHOOSE,
        )

    def chosen(self, name: str) -> Any:
        """A chosen value; the first year, or nothing, where none or no such one is chosen."""
        self.is_valid()
        return self.cleaned_data.get(name) or (self.years[0] if name == "year" else "")


class GapListForm(YearForm):
    """Which gaps of a place and year."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("every kind")), *GAP_KIND_NAMES.items()],
        error_messages=CHOOSE,
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=list(STATE_NAMES.items()),
        error_messages=CHOOSE,
    )

    def chosen(self, name: str) -> Any:
        """As that of the base; all that stand where no state is chosen."""
        return super().chosen(name) or (STANDING if name == "state" else "")


class ResolveForm(VersionedForm):
    """What somebody makes of a gap, in his words."""

    kind = forms.ChoiceField(
        label=_("What became of it"),
        choices=list(RESOLUTION_NAMES.items()),
        widget=forms.RadioSelect,
    )
    due_on = day_field(
        _("Helped by"), required=False, help_text=_("Only where help is to come: the last day.")
    )
    words = text_area(
        _("Explanation"),
        help_text=_("It is kept sealed, with your name."),
        max_length=LONGEST_WORDS,
    )
