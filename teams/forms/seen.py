"""Forms that carry what stood on record when the officer opened them."""

from django import forms
from django.http import QueryDict

from teams.forms.judged import JudgedForm


class SeenForm(JudgedForm):
    """A form with a mark of what was on record: another mark by now means a change meanwhile."""

    seen = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def seen_key(self) -> int | None:
        """The key of the row that was seen; None for none."""
        mark = self.cleaned_data["seen"]
        return int(mark) if mark.isascii() and mark.isdecimal() else None

    def see(self, mark: str) -> None:
        """Let what was typed stand against what is on record by now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["seen"] = mark
        self.data = data
