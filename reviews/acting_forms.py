"""Input of the acts on proposals. What an answer must be is for the action to say."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from reviews.actions.undoing import REASON_LENGTH
from reviews.answers import REASONS, TEXT_LENGTH
from reviews.forms import ProposalFilterForm
from reviews.models import Answer
from trail.forms import PlainForm

QUESTIONS = {
    Answer.REFUSED: _("Why is it refused?"),
    Answer.SENT_BACK: _("What is missing?"),
}


class ActForm(PlainForm):
    """A form whose remaining faults the action finds."""

    def take_faults(self, fields: Mapping[str, str]) -> None:
        """Put what an action refused at the fields that it names."""
        for name, text in fields.items():
            self.add_error(name if name in self.fields else None, text)

    def typed(self) -> list[tuple[Any, Any]]:
        """What the officer entered, by label, for a page that says that nothing was saved."""
        shown = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name, "")
            if value and not field.widget.is_hidden:
                choices = dict(getattr(field, "choices", ()))
                shown.append((field.label, choices.get(value, value)))
        return shown


class AnswerForm(ActForm):
    """The reason for refusing proposals or sending them back."""

    text = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=TEXT_LENGTH,
        help_text=_("It is kept in the trace. No names."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.ChoiceField(
            label=QUESTIONS[answer],
            choices=[("", ""), *REASONS[answer].items()],
            error_messages={"required": _("Choose the reason.")},
        )
        self.order_fields(["reason", "text"])


class UndoForm(ActForm):
    """Why an acceptance is to be undone."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("The approver reads it. No names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it is to be undone.")},
    )


def filter_words(filters: ProposalFilterForm) -> list[tuple[Any, Any]]:
    """The filter of a valid form in words: label and choice of each field that narrows."""
    shown = []
    for name, field in filters.fields.items():
        value = filters.cleaned_data.get(name)
        if value in ("", None):
            continue
        if name == "division":
            shown.append((field.label, Division.objects.get(pk=value).name))
        else:
            choices = dict(getattr(field, "choices", ()))
            shown.append((field.label, choices.get(value, value)))
    return shown or [(gettext("Filter"), gettext("all proposals within your posting"))]
