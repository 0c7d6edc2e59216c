"""Input of the list of villages that must have a team."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from teams.actions.needs import Need
from teams.forms.judged import JudgedForm, day_field, text_area
from teams.models import NeedReason

LONGEST = 100


class ListForm(JudgedForm):
    """Villages to put on the list: ticked within a township, or by their codes."""

    villages = forms.MultipleChoiceField(
        label=_("Villages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    codes = text_area(
        _("Codes of villages"),
        required=False,
        max_length=20_000,
        help_text=_("Instead of ticking, or beside it: one code of 12 digits on each line."),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=NeedReason.choices)
    starts_on = day_field(_("From"))
    source = forms.CharField(
        label=_("Source"),
        max_length=LONGEST,
        help_text=_("The paper that names the villages, with its number."),
    )

    def __init__(self, *args: Any, offered: Iterable[Division], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(one.pk, one.name) for one in offered]
        self.fields["villages"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["villages"]

    def wanted(self) -> tuple[list[str], Need]:
        """The codes of all villages, and why they must have a team."""
        known = self.cleaned_data
        written = re.split(r"[\s,;，；、]+", known["codes"].strip())
        codes = [*known.get("villages", []), *(code for code in written if code)]
        return codes, Need(NeedReason(known["reason"]), known["starts_on"], known["source"])


class EndNeedForm(JudgedForm):
    """The last day on the list, and why."""

    last_day = day_field(_("Last day on the list"))
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST)
