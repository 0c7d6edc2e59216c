"""Forms whose last faults the action finds, and the fields that several of them share."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from trail.forms import PlainForm

LONGEST_REASON = 200


class JudgedForm(PlainForm):
    """A form that puts what an action refused at the fields that it names."""

    def take(self, faults: Iterable[tuple[str, str]]) -> None:
        """Put each fault at its field, behind the label; what has no field, on top."""
        colon = pgettext("between label and sentence", ": ")
        for name, text in faults:
            if name in self.fields:
                self.add_error(name, colon.join((str(self.fields[name].label), text)))
            else:
                self.add_error(None, text)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, by the browser's own means."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a date as 2020-12-31.")},
        **more,
    )


def text_area(label: Any, *, rows: int = 4, **more: Any) -> forms.CharField:
    """A box for some lines of text."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


def ticks(label: Any, choices: Any, **more: Any) -> forms.MultipleChoiceField:
    """Boxes to tick, at least one."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **more
    )


def key_field() -> forms.UUIDField:
    """The key of one form: sent twice, it makes one row."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def reason_field() -> forms.CharField:
    """Why something is done; the trace keeps it."""
    return forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with your name. Name no household and no illness here."),
        max_length=LONGEST_REASON,
    )


def version_field() -> forms.IntegerField:
    """The version of the row that the officer saw."""
    return forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
