"""Input of tasks: a new one, its closing, its handing on, another day, and which ones to list."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.actions.todo import LONGEST_TEXT
from teams.forms.judged import (
    JudgedForm,
    day_field,
    key_field,
    reason_field,
    text_area,
)
from teams.forms.versioned import VersionedForm
from teams.models import Task
from teams.queries.todo import CLOSED, HERE, MINE, OPEN, OVERDUE
from trail.forms import PlainForm

People = Iterable[tuple[int, str]]


def person_field(people: People) -> forms.TypedChoiceField:
    """One of those who can be given the task."""
    return forms.TypedChoiceField(
        label=_("Who does it"), coerce=int, empty_value=None, choices=[("", ""), *people]
    )


class OpenTaskForm(JudgedForm):
    """A task about no single household."""

    key = key_field()
    text = text_area(_("What is to be done"), rows=3, max_length=LONGEST_TEXT)

    def __init__(self, *args: Any, people: People, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assignee"] = person_field(people)
        self.fields["due_on"] = day_field(_("To be done by"))


class CloseTaskForm(VersionedForm):
    """How a task ended and what came of it."""

    result = forms.ChoiceField(
        label=_("How it ended"), choices=Task.Result.choices, widget=forms.RadioSelect
    )
    text = text_area(
        _("What came of it"),
        help_text=_("It is kept sealed."),
        rows=3,
        max_length=LONGEST_TEXT,
    )


class ReassignTaskForm(VersionedForm):
    """Who does the task from now on, and why."""

    def __init__(self, *args: Any, people: People, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assignee"] = person_field(people)
        self.fields["reason"] = reason_field()


class MoveTaskForm(VersionedForm):
    """Another day by which the task is to be done, and why."""

    due_on = day_field(_("To be done by"))
    reason = reason_field()


class TaskListForm(PlainForm):
    """Whose tasks, in which state, and of whom."""

    division = forms.CharField(required=False, widget=forms.HiddenInput)
    whose = forms.ChoiceField(
        label=_("Tasks"),
        required=False,
        choices=[(MINE, _("mine")), (HERE, _("of the place"))],
        error_messages={"invalid_choice": _("Choose one of those offered.")},
    )
    state = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            (OPEN, _("open tasks")),
            (OVERDUE, _("overdue tasks")),
            (CLOSED, _("closed tasks")),
        ],
        error_messages={"invalid_choice": _("Choose one of those offered.")},
    )

    def __init__(self, *args: Any, people: People, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.TypedChoiceField(
            label=_("Whose"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("everybody")), *people],
            error_messages={"invalid_choice": _("Choose one of those offered.")},
        )

    def chosen(self, name: str, default: Any) -> Any:
        """A chosen value; `default` where none, or no such one, is chosen."""
        self.is_valid()
        return self.cleaned_data.get(name) or default
