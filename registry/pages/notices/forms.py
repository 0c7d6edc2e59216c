"""Input of the notices: which ones to list, and the day on which one was taken down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.pages.cases.forms import ActForm, day_field
from registry.pages.notices.queries import STANDS


class NoticeFilter(forms.Form):
    """Which notices to list; a faulty choice lists all."""

    stands = forms.ChoiceField(
        label=_("Stands"), required=False, choices=[("", _("all")), *STANDS.items()]
    )

    def wanted(self) -> str:
        """The chosen stand, "" for all."""
        self.is_valid()
        return str(self.cleaned_data.get("stands", ""))


class TakeDownForm(ActForm):
    """The day on which the list was taken down."""

    on = day_field(_("Day on which it was taken down"))
