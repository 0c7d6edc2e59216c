"""Input of the pages of differences: which to list, whose value is to hold, why to see numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.actions.differences import Choice
from exchange.models.pushes import GROUP_NAMES, WAITING
from exchange.queries.difference_words import Told
from trail.forms import PlainForm

LATER = ""
PREFIX = "difference-"
MOST_VERSION, MOST_SEEN = 2**31 - 1, 2**62


class ListForm(PlainForm):
    """Which differences of the county."""

    division = forms.ChoiceField(label=_("Township"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all that wait")), *((one.value, one.label) for one in WAITING)],
    )
    group = forms.ChoiceField(
        label=_("Fields"),
        required=False,
        choices=[("", _("all fields")), *((one.value, name) for one, name in GROUP_NAMES.items())],
    )
    client = forms.TypedChoiceField(label=_("System"), required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        *args: Any,
        places: Iterable[tuple[str, str]],
        systems: Iterable[tuple[int, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = [("", _("the whole county")), *places]
        self.fields["client"].choices = [("", _("all systems")), *systems]

    def chosen(self, name: str) -> Any:
        """A chosen value; nothing where none or no such one is chosen."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


class ChoicesForm(PlainForm):
    """Whose value is to hold, difference by difference; what is left is decided later.

    `version` is the household's, `seen` the last act on it that the clerk saw.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_VERSION)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_SEEN)

    def __init__(self, *args: Any, told: Iterable[Told], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.told = {one.side.row.pk: one for one in told}
        for key, one in self.told.items():
            self.fields[f"{PREFIX}{key}"] = forms.ChoiceField(
                label=one.label,
                required=False,
                choices=[
                    (LATER, _("Decide later")),
                    (Choice.OURS, ""),
                    *([] if one.side.is_taken_elsewhere else [(Choice.THEIRS, "")]),
                ],
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        known = self.cleaned_data
        if not self.errors and not self.choices():
            self.add_error(None, _("Choose at least once whose value is to hold."))
        return known

    def choices(self) -> dict[int, Choice]:
        """What was chosen, by difference."""
        said = {key: self.cleaned_data.get(f"{PREFIX}{key}") for key in self.told}
        return {key: Choice(word) for key, word in said.items() if word}

    def take(self, faults: Iterable[tuple[int | None, str]]) -> None:
        """Put the faults that the action found at the differences."""
        for key, fault in faults:
            name = f"{PREFIX}{key}"
            self.add_error(name if name in self.fields else None, fault)

    def rows(self) -> list[tuple[Told, Any]]:
        """Each difference with its field."""
        return [(one, self[f"{PREFIX}{key}"]) for key, one in self.told.items()]


class AllForm(PlainForm):
    """One choice for all that waits, confirmed on a page of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_VERSION)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_SEEN)
    all = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(one.value, one.value) for one in Choice]
    )
    keys = forms.RegexField("^[0-9]{1,18}(,[0-9]{1,18}){0,999}$", widget=forms.HiddenInput)

    def choices(self) -> Mapping[int, Choice]:
        """The choice for each of the differences that were listed on the page."""
        word = Choice(self.cleaned_data["all"])
        return {int(key): word for key in self.cleaned_data["keys"].split(",")}


class ReasonForm(PlainForm):
    """Why numbers must be seen in full."""

    reason = forms.CharField(
        label=_("Why do you need the whole number?"),
        help_text=_("It is recorded with your name and can be read by auditors."),
        min_length=4,
        max_length=200,
        error_messages={
            "required": _("Write the reason."),
            "min_length": _("Write the reason in at least four characters."),
        },
    )
