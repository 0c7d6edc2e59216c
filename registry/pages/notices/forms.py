"""Input of the notices: which ones to list, and the day on which one was taken down."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.pages.cases.forms import ActForm, day_field
from registry.pages.notices.queries import STANDS, Wanted, stages


class NoticeFilter(forms.Form):
    """Which notices to list; a faulty choice lists all."""

    stands = forms.ChoiceField(
        label=_("Stands"), required=False, choices=[("", _("all")), *STANDS.items()]
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    village = forms.ChoiceField(label=_("Village"), required=False)

    def __init__(self, *args: Any, villages: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", _("all")), *stages()]
        self.fields["village"].choices = [("", _("all")), *villages]

    def wanted(self) -> Wanted:
        """What was chosen, "" for all."""
        self.is_valid()
        return Wanted(*(str(self.cleaned_data.get(name, "")) for name in self.fields))


class TakeDownForm(ActForm):
    """The day on which the list was taken down."""

    on = day_field(_("Day on which it was taken down"))
