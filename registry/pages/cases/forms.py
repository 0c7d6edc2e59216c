"""Input of a step, an objection, its resolution and a change of facts.

Forms read; what an entry must be is judged by the action, whose faults come back to the fields.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.machine import Evidence, Kind, Step
from workflow.rules import NUMBER_LIMIT, TEXT_LENGTH

NOTE_LENGTH = 2000
MISSING = gettext_lazy("Enter this.")
Words = str | Promise


def day_field(label: Words, hint: Words = "") -> forms.DateField:
    """A date, by the browser's own means."""
    return forms.DateField(
        label=label,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": MISSING,
            "invalid": gettext_lazy("Enter a date as 2020-12-31."),
        },
    )


def note_field(label: Words, *, missing: Words = "") -> forms.CharField:
    """A few lines of text; they can stay out where nothing is said for `missing`."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
    )


def field_of(wanted: Evidence) -> forms.Field:
    """The form field of one entry of evidence."""
    label, hint = _(wanted.label), _(wanted.hint) if wanted.hint else ""
    common: dict[str, Any] = {
        "label": label,
        "help_text": hint,
        "error_messages": {"required": MISSING},
    }
    if wanted.kind == Kind.DATE:
        return day_field(label, hint)
    if wanted.kind == Kind.NUMBER:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
        return forms.IntegerField(min_value=0, max_value=NUMBER_LIMIT - 1, widget=widget, **common)
    if wanted.kind == Kind.CHOICE:
        listed = [("", ""), *((key, _(text)) for key, text in wanted.choices)]
        return forms.ChoiceField(choices=listed, **common)
    return forms.CharField(max_length=TEXT_LENGTH, **common)


class ActForm(forms.Form):
    """A form whose remaining faults the action finds."""

    def take_faults(self, fields: Mapping[str, str]) -> None:
        """Put what an action refused at the fields that it names."""
        for name, text in fields.items():
            self.add_error(name if name in self.fields else None, text)


class StepForm(ActForm):
    """The entries that a step asks for, made from the procedure's own list, and a note.

    `version` is the case as the officer saw it.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.step = step
        for wanted in step.needs_evidence:
            self.fields[wanted.name] = field_of(wanted)
            if wanted.kind == Kind.DATE:
                self.fields[wanted.name].initial = today
        if step.needs_note:
            self.fields["note"] = note_field(_("Reason"), missing=_("Say why."))
        else:
            self.fields["note"] = note_field(_("Note"))

    def evidence(self) -> dict[str, Any]:
        """The entries of the step's own fields."""
        return {wanted.name: self.cleaned_data[wanted.name] for wanted in self.step.needs_evidence}


class FactsForm(ActForm):
    """Why the facts of a case are replaced."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = note_field(gettext_lazy("Reason"), missing=gettext_lazy("Say why."))


class ObjectionForm(ActForm):
    """What somebody says against a line of a notice."""

    received_on = day_field(gettext_lazy("Day on which it was received"))
    text = note_field(gettext_lazy("What is said"), missing=gettext_lazy("Write what is said."))


class ResolutionForm(ActForm):
    """What the inquiry into an objection found, and what follows."""

    RESULTS = (
        ("dismiss", gettext_lazy("The objection is not right: the case goes on")),
        ("uphold", gettext_lazy("The objection is right: the line leaves the notice")),
    )
    finding = note_field(
        gettext_lazy("What the inquiry found"),
        missing=gettext_lazy("Write what the inquiry found."),
    )
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the result.")},
    )
